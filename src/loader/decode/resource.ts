import type { FileObject, Ipam, IpamPool, Model, Network, Volume } from "../../model/project.ts";
import { list, object, type Decoder } from "./decoder.ts";
import { boolean, filledText, integer, text } from "./scalar.ts";
import { texts } from "./text-list.ts";
import { options, stringMap } from "./text-map.ts";

/** As it stands in the files: the name is given later, when it is not said. */
type Unnamed<T extends { readonly name: string }> = Omit<T, "key" | "name"> & { readonly name?: string };

const ipam: Decoder<Ipam> = object<Ipam>({
  driver: text,
  config: list(object<IpamPool>({ subnet: text, gateway: text, ip_range: text, aux_addresses: options })),
  options: stringMap,
});

export const network: Decoder<Unnamed<Network>> = object<Unnamed<Network>>({
  name: text,
  driver: text,
  driver_opts: options,
  ipam,
  external: boolean,
  internal: boolean,
  attachable: boolean,
  labels: stringMap,
  enable_ipv4: boolean,
  enable_ipv6: boolean,
});

export const volume: Decoder<Unnamed<Volume>> = object<Unnamed<Volume>>({
  name: text,
  driver: text,
  driver_opts: options,
  external: boolean,
  labels: stringMap,
});

/** A secret or a config at the top level; the value of its variable is not in the files. */
export const fileObject: Decoder<Omit<Unnamed<FileObject>, "value">> = object<Omit<Unnamed<FileObject>, "value">>({
  name: text,
  file: filledText,
  environment: filledText,
  content: text,
  external: boolean,
  labels: stringMap,
  driver: text,
  driver_opts: options,
  template_driver: text,
});

export const model: Decoder<Omit<Model, "key">> = object<Omit<Model, "key">>(
  { name: text, model: text, context_size: integer, runtime_flags: texts },
  ["model"],
);
