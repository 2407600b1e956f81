import type { Handlers, IncomingCall } from "./grpc-server.ts";
import { GrpcError, grpcCodes } from "./grpc.ts";
import { type FileToRead, listTree, type LocalTree, readTree, type Selection, type TreeEntry } from "./local-tree.ts";
import { bytesField, decodeMessage, encodeMessage, encodeParts, numberField, text } from "./protobuf.ts";

/**
 * Lets the engine copy local folders. It gets the list of everything first, compares that with what it has from the last
 * time, and asks for the contents of what has changed: an unchanged context costs its list.
 */
export function fileSync(trees: ReadonlyMap<string, LocalTree>): Handlers {
  return new Map([["/moby.filesync.v1.FileSync/DiffCopy", (call) => diffCopy(call, trees)]]);
}

async function diffCopy(call: IncomingCall, trees: ReadonlyMap<string, LocalTree>): Promise<void> {
  const [name = ""] = call.metadata.get("dir-name") ?? [];
  const tree = trees.get(name);
  if (tree === undefined) throw new GrpcError(`no access allowed to dir "${name}"`, grpcCodes.notFound);
  const selection = {
    exclude: patterns(call, "exclude-patterns"),
    include: patterns(call, "include-patterns"),
    follow: patterns(call, "followpaths"),
  };
  await transfer(call, tree, selection);
}

/** Patterns that are not ASCII come escaped, as in the query of an address. */
function patterns({ metadata }: IncomingCall, key: string): readonly string[] {
  const values = metadata.get(key) ?? [];
  const [encoded] = metadata.get(`${key}-encoded`) ?? [];
  return encoded === "1" ? values.map((value) => decodeURIComponent(value.replaceAll("+", " "))) : values;
}

const packetTypes = { entry: 0, request: 1, data: 2, end: 3, error: 4 } as const;

async function transfer(call: IncomingCall, tree: LocalTree, selection: Selection): Promise<void> {
  const files = new Map<number, FileToRead>();
  const senders = workers(filesAtOnce, (id: number) => sendFile(call, tree, { id, file: files.get(id) }));
  const listing = sendList(call, listTree(tree, selection), files);
  const over = listing.then(
    () => new Promise<never>(() => {}),
    async (error: unknown) => {
      // Without it the engine would wait for the rest of the list.
      const message = error instanceof Error ? error.message : String(error);
      await call.send(packet(packetTypes.error, { data: Buffer.from(message) }));
      throw error;
    },
  );
  await Promise.race([over, senders.failed, serve(call, senders)]);
}

/** A few at a time: small files wait for the disk, not for each other. */
const filesAtOnce = 4;

async function serve(call: IncomingCall, senders: Workers): Promise<void> {
  for await (const message of call.requests) {
    const fields = decodeMessage(message);
    const type = numberField(fields, 1);
    if (type === packetTypes.request) senders.add(numberField(fields, 3));
    if (type === packetTypes.error) throw new GrpcError(text(bytesField(fields, 4)), grpcCodes.unknown);
    if (type === packetTypes.end) return call.send(packet(packetTypes.end, {}));
  }
}

/** An entry's number is its place in the list, counted from 0; the engine asks for contents by it. */
async function sendList(
  call: IncomingCall,
  entries: AsyncIterable<TreeEntry>,
  files: Map<number, FileToRead>,
): Promise<void> {
  let id = 0;
  for await (const entry of entries) {
    if (entry.content) files.set(id, { path: entry.path, size: entry.size });
    id += 1;
    await call.send(packet(packetTypes.entry, { entry }));
  }
  // An empty entry: that was all.
  await call.send(packet(packetTypes.entry, {}));
}

async function sendFile(
  call: IncomingCall,
  tree: LocalTree,
  { id, file }: { readonly id: number; readonly file: FileToRead | undefined },
): Promise<void> {
  if (file === undefined) throw new GrpcError(`there is no file ${id}`, grpcCodes.notFound);
  try {
    for await (const data of readTree(tree, file)) {
      // A message without data would be the end.
      if (data.length > 0) await call.send(packet(packetTypes.data, { id, data }));
    }
  } catch (error) {
    // It was there when the list was made. What cannot be read is empty to the engine, as it is with docker's client.
    if (error instanceof GrpcError) throw error;
  }
  await call.send(packet(packetTypes.data, { id }));
}

function packet(
  type: number,
  { entry, id, data }: { readonly entry?: TreeEntry; readonly id?: number; readonly data?: Uint8Array },
): readonly Uint8Array[] {
  return encodeParts([
    [1, type],
    [2, entry === undefined ? undefined : entryMessage(entry)],
    [3, id],
    [4, data],
  ]);
}

/** Owners are left out: they are root's, whoever builds. */
function entryMessage({ path, mode, size, modifiedNs, link, device }: TreeEntry): Buffer {
  return encodeMessage([
    [1, path],
    [2, mode],
    [5, size],
    [6, modifiedNs],
    [7, link],
    [8, device?.major],
    [9, device?.minor],
  ]);
}

interface Workers {
  add(id: number): void;
  /** Never resolves; rejects with the first failure. */
  readonly failed: Promise<never>;
}

function workers(width: number, work: (id: number) => Promise<void>): Workers {
  const waiting: number[] = [];
  let busy = 0;
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const drain = async (): Promise<void> => {
    busy += 1;
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await work(id);
    busy -= 1;
  };
  return {
    failed,
    add(id) {
      waiting.push(id);
      if (busy < width) drain().catch(fail);
    },
  };
}
