import type { Port } from "../../model/project.ts";
import { object, type Decoder } from "./decoder.ts";
import { integer, text } from "./scalar.ts";

export const port: Decoder<Port> = object<Port>(
  {
    name: text,
    mode: text,
    host_ip: text,
    target: integer,
    published: text,
    protocol: text,
    app_protocol: text,
  },
  ["target"],
);
