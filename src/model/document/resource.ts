import type { FileObject, Ipam, IpamPool, Model, Network, Volume } from "../project.ts";
import {
  extensions,
  flag,
  given,
  list,
  nothing,
  number,
  object,
  stringMap,
  text,
  texts,
  type ObjectWriter,
  type Writer,
} from "./writer.ts";

const ipamFields: Writer<Ipam> = object<Ipam>({
  driver: text,
  config: list(object<IpamPool>({ subnet: text, gateway: text, ip_range: text, aux_addresses: stringMap })),
  // docker compose 2 drops these, and 5 has them in its hash.
  options: (value, style) => (style.generation === "v5" ? stringMap(value, style) : undefined),
});

/** In YAML one that says nothing is left out. */
const ipam: Writer<Ipam> = (value, style) => {
  const written = ipamFields(value, style);
  return style.format === "yaml" && written instanceof Map && written.size === 0 ? undefined : written;
};

export const network: ObjectWriter<Network> = object<Network>(
  {
    key: nothing,
    name: text,
    driver: text,
    driver_opts: stringMap,
    ipam,
    external: flag,
    internal: flag,
    attachable: flag,
    labels: stringMap,
    enable_ipv4: given,
    enable_ipv6: given,
    extensions,
  },
  { always: ({ format }) => (format === "json" ? new Map([["ipam", new Map()]]) : new Map()) },
);

export const volume: ObjectWriter<Volume> = object<Volume>({
  key: nothing,
  name: text,
  driver: text,
  driver_opts: stringMap,
  external: flag,
  labels: stringMap,
  extensions,
});

/** A secret or a config; `value` is what must never be seen. */
export const fileObject: Writer<FileObject> = object<FileObject>({
  key: nothing,
  name: text,
  file: text,
  environment: text,
  content: text,
  external: flag,
  labels: stringMap,
  driver: text,
  driver_opts: stringMap,
  template_driver: text,
  value: nothing,
  extensions,
});

export const model: Writer<Model> = object<Model>({
  key: nothing,
  name: text,
  model: text,
  context_size: number,
  runtime_flags: texts,
  extensions,
});
