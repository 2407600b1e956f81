import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

import { type Handler, type Handlers, type IncomingCall, unary } from "./grpc-server.ts";
import { GrpcError, grpcCodes } from "./grpc.ts";
import { bytesField, decodeMessage, encodeMessage, encodeParts, numberField, textField } from "./protobuf.ts";

/** Folders in the layout of OCI images that the engine may read from and write to: local caches, images as contexts. */
export function contentStores(folders: ReadonlyMap<string, string>): Handlers {
  const handlers: readonly (readonly [string, Handler])[] = [
    ["Info", unary(async (request, call) => info(folderOf(call, folders), textField(decodeMessage(request), 1)))],
    ["Read", async (call) => read(call, folderOf(call, folders))],
    ["Write", async (call) => write(call, folderOf(call, folders))],
    // Whatever was begun before is begun anew, so there is nothing that could be gone on with or given up.
    ["Status", unary(() => Promise.reject(new GrpcError("nothing is being written", grpcCodes.notFound)))],
    ["Abort", unary(async () => encodeMessage([]))],
  ];
  return new Map(handlers.map(([name, handler]) => [`/containerd.services.content.v1.Content/${name}`, handler]));
}

function folderOf({ metadata }: IncomingCall, folders: ReadonlyMap<string, string>): string {
  const [id = ""] = metadata.get("buildkit-attachable-store-id") ?? [];
  const folder = folders.get(id);
  if (folder === undefined) throw new GrpcError(`unknown store ${id}`, grpcCodes.notFound);
  return folder;
}

/** Digests come from the engine, so that nothing but a digest may become a path. */
export function blobPath(folder: string, digest: string): string {
  const [, algorithm, hash] = /^([a-z0-9]+):([0-9a-f]{32,})$/.exec(digest) ?? [];
  if (algorithm === undefined || hash === undefined) {
    throw new GrpcError(`"${digest}" is no digest`, grpcCodes.notFound);
  }
  return join(folder, "blobs", algorithm, hash);
}

async function sizeOf(folder: string, digest: string): Promise<number | undefined> {
  const found = await stat(blobPath(folder, digest)).catch(() => undefined);
  return found?.size;
}

async function info(folder: string, digest: string): Promise<Buffer> {
  const size = await sizeOf(folder, digest);
  if (size === undefined) throw new GrpcError(`content ${digest}: not found`, grpcCodes.notFound);
  const found = encodeMessage([
    [1, digest],
    [2, size],
  ]);
  return encodeMessage([[1, found]]);
}

async function read(call: IncomingCall, folder: string): Promise<void> {
  for await (const request of call.requests) {
    const fields = decodeMessage(request);
    const digest = textField(fields, 1);
    const total = await sizeOf(folder, digest);
    if (total === undefined) throw new GrpcError(`content ${digest}: not found`, grpcCodes.notFound);
    let offset = numberField(fields, 2);
    const end = Math.min(total, offset + (numberField(fields, 3) || total)) - 1;
    if (end < offset) return;
    for await (const chunk of createReadStream(blobPath(folder, digest), { start: offset, end })) {
      const data = chunk as Buffer;
      await call.send(
        encodeParts([
          [1, offset],
          [2, data],
        ]),
      );
      offset += data.length;
    }
    return;
  }
}

const actions = { write: 1, commit: 2 } as const;

/** Under another name until it is complete, and what it says it is. */
async function write(call: IncomingCall, folder: string): Promise<void> {
  const path = join(folder, "ingest", randomBytes(8).toString("hex"));
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "wx");
  try {
    await receive(call, { folder, path, file });
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

interface Ingest {
  readonly folder: string;
  readonly path: string;
  readonly file: FileHandle;
}

async function receive(call: IncomingCall, { folder, path, file }: Ingest): Promise<void> {
  const hash = createHash("sha256");
  let offset = 0;
  for await (const request of call.requests) {
    const fields = decodeMessage(request);
    const action = numberField(fields, 1);
    const expected = textField(fields, 4);
    if (expected !== "" && (await sizeOf(folder, expected)) !== undefined) {
      throw new GrpcError(`content ${expected}: already exists`, grpcCodes.alreadyExists);
    }
    const data = bytesField(fields, 6);
    if (action !== 0 && data.length > 0) {
      await file.writeFile(data);
      hash.update(data);
      offset += data.length;
    }
    const digest = `sha256:${hash.copy().digest("hex")}`;
    if (action === actions.commit) await commit({ folder, path, expected, digest });
    await call.send(
      encodeParts([
        [1, action],
        [4, offset],
        [5, numberField(fields, 3)],
        [6, digest],
      ]),
    );
    if (action === actions.commit) return;
  }
}

interface Written {
  readonly folder: string;
  readonly path: string;
  readonly expected: string;
  readonly digest: string;
}

async function commit({ folder, path, expected, digest }: Written): Promise<void> {
  if (expected !== "" && expected !== digest) {
    throw new GrpcError(`what was written is ${digest}, not ${expected}`, grpcCodes.failedPrecondition);
  }
  const target = blobPath(folder, digest);
  await mkdir(dirname(target), { recursive: true });
  await rename(path, target);
}
