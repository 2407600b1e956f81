import { posix } from "node:path";

import { extract, type Extract, type Header } from "tar-stream";

import { CancelledError, UsageError } from "../../model/error.ts";
import { type Confined, confinedWriter } from "./confined-writer.ts";

export interface UnpackOptions {
  /** What was asked for, by the name it has in the archive: "." and "/" stand for content alone. */
  readonly root: string;
  /** Where that goes: an absolute path, links in it resolved. */
  readonly target: string;
  /** The target was there before, and keeps its own mode and time. */
  readonly keepTarget: boolean;
  readonly keepOwner: boolean;
  readonly signal: AbortSignal;
  /** What cannot be made here, such as a device. */
  readonly onSkipped: (name: string, what: string) => void;
}

/**
 * Unpacks what a container gave us. The container is not trusted: nothing is written but the target and what is below
 * it, and never through a link that lies there; an archive that asks for more is refused.
 */
export async function unpack(tar: AsyncIterable<Uint8Array>, options: UnpackOptions): Promise<void> {
  const archive = extract();
  archive.on("error", () => {}); // heard of by who iterates
  const writer = confinedWriter(options);
  const feeding = feed(archive, tar);
  feeding.catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));
  try {
    for await (const entry of archive) {
      if (options.signal.aborted) throw new CancelledError();
      await unpackEntry(entry, writer, options);
    }
    await feeding;
    await writer.finish();
  } catch (error) {
    // What has come so far is left as it should be; the reason why no more came is what matters.
    await writer.finish().catch(() => {});
    throw /tar|end of data/i.test(String(error)) && isPlain(error) ? brokenArchive(error) : error;
  }
}

async function feed(archive: Extract, tar: AsyncIterable<Uint8Array>): Promise<void> {
  let wake: () => void = () => {};
  archive.on("drain", () => wake());
  archive.on("close", () => wake());
  for await (const chunk of tar) {
    if (archive.destroyed) return;
    const slow = !archive.write(chunk);
    if (slow && !archive.destroyed) await new Promise<void>((settle) => (wake = settle));
  }
  archive.end(null);
}

/** What tar-stream says of an archive that is none. */
function isPlain(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error;
}

function brokenArchive(error: unknown): UsageError {
  return new UsageError(
    `the container's archive is damaged: ${error instanceof Error ? error.message : String(error)}`,
  );
}

async function unpackEntry(entry: Entry, writer: Confined, options: UnpackOptions): Promise<void> {
  const { root, onSkipped } = options;
  const { header } = entry;
  const parts = partsBelow(root, header.name);
  const attributes = attributesOf(header);
  switch (header.type) {
    case "directory":
      await writer.folder(parts, parts.length === 0 && options.keepTarget ? undefined : attributes);
      break;
    case "file":
    case "contiguous-file":
      return writer.file(parts, header.size <= smallBytes ? await wholeOf(entry) : bytesOf(entry), attributes);
    case "symlink":
      await writer.symlink(parts, header.linkname, attributes);
      break;
    case "link":
      await writer.hardLink(parts, partsBelow(root, header.linkname));
      break;
    case "character-device":
    case "block-device":
    case "fifo":
      onSkipped(header.name, header.type);
  }
  entry.resume();
}

/** Files up to this size are held in memory while they wait to be written. */
const smallBytes = 64 * 1024;

async function wholeOf(entry: Entry): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(entry)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* bytesOf(entry: Entry): AsyncGenerator<Uint8Array> {
  for await (const chunk of entry) if (chunk instanceof Uint8Array) yield chunk;
}

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

/** The way from the root of what was asked for to an entry; refused when it is not below it. */
function partsBelow(root: string, name: string): readonly string[] {
  const content = root === "." || root === "/";
  const plain = root === "/" ? name.replace(/^\/+/, "") : name;
  const parts = plain.split("/").filter((part) => part !== "" && part !== ".");
  const strange = posix.isAbsolute(plain) || parts.includes("..") || plain.includes("\0");
  if (strange || (!content && parts[0] !== root)) {
    throw new UsageError(
      `the container's answer holds ${JSON.stringify(name)}, which is outside of what was asked for: nothing more is copied`,
      "somebody in the container or on the way to the engine may be trying to write where he should not",
    );
  }
  return content ? parts : parts.slice(1);
}

function attributesOf({ mode, mtime, uid, gid }: Header): Attributes {
  return { mode: mode & 0o7777, mtime, uid, gid };
}

export interface Attributes {
  readonly mode: number;
  readonly mtime: Date;
  readonly uid: number;
  readonly gid: number;
}
