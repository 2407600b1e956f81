import { readFileSync, statSync } from "node:fs";
import { open } from "node:fs/promises";

import type { Diagnostic, Report, Source, Span } from "../model/diagnostic.ts";
import { errorAt } from "./blame.ts";

/** A thousand services take half a megabyte; what is far beyond is the wrong file, or an attack. */
const largestBytes = 4 * 1024 * 1024;

export interface SourceRequest {
  readonly path: string;
  /** What the file is for: "compose file", "env file". */
  readonly role: string;
  /** Where it is asked for. */
  readonly at?: Span | undefined;
  readonly report: Report;
}

/** Reads a text file. Why it cannot be read is reported where it is asked for. */
export async function readSource({ path, role, at, report }: SourceRequest): Promise<Source | undefined> {
  try {
    const bytes = await readLimited(path);
    if (bytes === undefined) report(tooLarge(path, role, at));
    return bytes && decodeSource(path, bytes, report);
  } catch (error) {
    report(unreadable(error, { path, role, at }));
    return undefined;
  }
}

/** Bytes → text, whatever mark they start with. */
export function decodeSource(path: string, bytes: Uint8Array, report: Report): Source | undefined {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  const source = { path, text: new TextDecoder(encoding).decode(bytes) };
  const replaced = source.text.indexOf("\uFFFD");
  if (replaced === -1 || isValid(bytes, encoding)) return source;
  const at = { source, start: replaced, end: replaced + 1 };
  report(
    errorAt("the file is not valid UTF-8", { code: "not-utf-8", at, hint: "is this a text file? save it as UTF-8" }),
  );
  return undefined;
}

function isValid(bytes: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Absent: too large. An ordinary file is read at once, which takes a tenth of the time that the way through the thread
 * pool does; only pipes and devices can keep us waiting.
 */
async function readLimited(path: string): Promise<Uint8Array | undefined> {
  const found = statSync(path);
  if (found.size > largestBytes) return undefined;
  return found.isFile() && found.size > 0 ? readFileSync(path) : readPieces(path);
}

/** By pieces, as a device or a pipe says nothing about its size. */
async function readPieces(path: string): Promise<Uint8Array | undefined> {
  await using file = await open(path);
  const pieces: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const buffer = Buffer.allocUnsafe(64 * 1024);
    const { bytesRead } = await file.read(buffer);
    if (bytesRead === 0) return Buffer.concat(pieces);
    total += bytesRead;
    if (total > largestBytes) return undefined;
    pieces.push(buffer.subarray(0, bytesRead));
  }
}

type Asked = Pick<SourceRequest, "path" | "role" | "at">;

function tooLarge(path: string, role: string, at: Span | undefined): Diagnostic {
  const megabytes = largestBytes / 1024 / 1024;
  return errorAt(`the ${role} ${path} is larger than ${megabytes} MB`, { code: "file-too-large", at });
}

function unreadable(error: unknown, { path, role, at }: Asked): Diagnostic {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return errorAt(`the ${role} ${path} does not exist`, { code: "file-not-found", at });
  }
  if (code === "EISDIR") return errorAt(`the ${role} ${path} is a folder`, { code: "file-is-folder", at });
  const reason =
    code === "EACCES" ? "it may not be read by you" : error instanceof Error ? error.message : String(error);
  return errorAt(`the ${role} ${path} cannot be read: ${reason}`, { code: "file-unreadable", at });
}
