import { EngineError } from "../../model/error.ts";

/** An image's name as part of an address: in "a?b" and "a b" nothing is a query, and "http://a" leads nowhere else. */
export function imagePath(name: string): string {
  const parts = name.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) throw notAName(name);
  return `/images/${parts.map(escaped).join("/")}`;
}

function escaped(part: string): string {
  return encodeURIComponent(part).replaceAll("%3A", ":").replaceAll("%40", "@");
}

/** The engine does not say which name it means. */
export function notAName(name: string, reason?: EngineError): EngineError {
  return new EngineError(`"${name}" cannot be an image's name${reason === undefined ? "" : `: ${reason.message}`}`, {
    status: 400,
    operation: "find image",
    resource: `image ${name}`,
    hint: 'a name is like "registry.example.com/team/app:1.0", in small letters',
    cause: reason,
  });
}
