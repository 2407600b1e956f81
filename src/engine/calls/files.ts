import { Readable } from "node:stream";

import { EngineError } from "../../model/error.ts";
import type { Connection } from "../connection.ts";
import type { CommitOptions, Engine, PathStat } from "../engine.ts";
import { guarded } from "../transport/json-lines.ts";

type FileCalls = Pick<Engine, "putArchive" | "getArchive" | "statPath" | "exportContainer" | "commitContainer">;

export function fileCalls({ client, names }: Connection): FileCalls {
  return {
    async putArchive(id, { path, tar, copyOwner }, signal) {
      const upload = tar instanceof Uint8Array ? tar : Readable.from(tar);
      try {
        await client.done({
          operation: "copy into container",
          resource: names.resource(id),
          method: "PUT",
          path: `/containers/${id}/archive`,
          query: { path, noOverwriteDirNonDir: true, copyUIDGID: copyOwner ? true : undefined },
          upload,
          headers: { "Content-Type": "application/x-tar" },
          signal,
        });
      } finally {
        // What an engine refuses half way it reads no further, and whoever makes it would wait for ever.
        if (upload instanceof Readable) upload.destroy();
      }
    },
    async getArchive(id, path, signal) {
      const origin = { operation: "copy from container", resource: names.resource(id), signal };
      const call = { ...origin, method: "GET", path: `/containers/${id}/archive`, query: { path } } as const;
      return guarded(await client.stream(call), origin);
    },
    async statPath(id, path, signal) {
      const origin = { operation: "look into container", resource: names.resource(id), signal };
      const call = { ...origin, method: "HEAD", path: `/containers/${id}/archive`, query: { path } } as const;
      try {
        const answer = await client.stream(call);
        answer.resume();
        return readStat(String(answer.headers["x-docker-container-path-stat"] ?? ""));
      } catch (error) {
        if (error instanceof EngineError && error.status === 404) return undefined;
        throw error;
      }
    },
    async exportContainer(id, signal) {
      const origin = { operation: "export container", resource: names.resource(id), signal };
      const call = { ...origin, method: "GET", path: `/containers/${id}/export` } as const;
      return guarded(await client.stream(call), origin);
    },
    async commitContainer(id, options, signal) {
      const committed = await client.json<{ readonly Id: string }>({
        operation: "commit container",
        resource: names.resource(id),
        method: "POST",
        path: "/commit",
        query: { container: id, ...commitQuery(options) },
        signal,
      });
      return committed.Id;
    },
  };
}

function commitQuery(
  options: CommitOptions,
): Readonly<Record<string, string | boolean | readonly string[] | undefined>> {
  const [repo, tag] = splitReference(options.reference);
  return {
    repo,
    tag,
    author: options.author,
    comment: options.message,
    changes: options.changes.length === 0 ? undefined : options.changes,
    pause: options.pause,
  };
}

/** "host:5000/name:tag" → name and tag; a colon before the last "/" belongs to the host. */
function splitReference(reference: string | undefined): [string | undefined, string | undefined] {
  if (reference === undefined) return [undefined, undefined];
  const colon = reference.lastIndexOf(":");
  return colon > reference.lastIndexOf("/")
    ? [reference.slice(0, colon), reference.slice(colon + 1)]
    : [reference, undefined];
}

function readStat(header: string): PathStat {
  const raw = JSON.parse(Buffer.from(header, "base64").toString("utf8")) as {
    readonly name: string;
    readonly size: number;
    readonly mode: number;
    readonly linkTarget: string;
  };
  return { name: raw.name, sizeBytes: raw.size, mode: raw.mode, linkTarget: raw.linkTarget };
}
