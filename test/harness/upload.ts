// Images put into a registry without an engine: what the engine has never had, it really has to pull.
import { createHash, randomBytes } from "node:crypto";

/** A layer of one file of random bytes, so that it cannot be had from anywhere else. */
export function layer(bytes: number): Buffer {
  const content = randomBytes(bytes - 2048 - (bytes % 512));
  const header = Buffer.alloc(512);
  const size = content.length.toString(8).padStart(11, "0");
  const name = createHash("sha256").update(content).digest("hex").slice(0, 20);
  for (const [at, text] of [
    [0, name],
    [100, "0000644\0"],
    [108, "0000000\0"],
    [116, "0000000\0"],
    [124, `${size}\0`],
    [136, "00000000000\0"],
    [156, "0"],
    [257, "ustar\u000000"],
  ] as const) {
    header.write(text, at);
  }
  header.write("        ", 148);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}

/** Returns the image's name. */
export async function uploadImage(registry: string, name: string, layers: readonly Buffer[]): Promise<string> {
  const config = Buffer.from(
    JSON.stringify({
      architecture: { x64: "amd64" }[process.arch as string] ?? process.arch,
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: layers.map(digestOf) },
      history: layers.map(() => ({ created_by: "test" })),
    }),
  );
  for (const blob of [config, ...layers]) await uploadBlob(registry, name, blob);
  const type = "application/vnd.oci.image.manifest.v1+json";
  const manifest = {
    schemaVersion: 2,
    mediaType: type,
    config: descriptor("application/vnd.oci.image.config.v1+json", config),
    layers: layers.map((each) => descriptor("application/vnd.oci.image.layer.v1.tar", each)),
  };
  const put = await fetch(`http://${registry}/v2/${name}/manifests/1`, {
    method: "PUT",
    headers: { "content-type": type },
    body: JSON.stringify(manifest),
  });
  if (!put.ok) throw new Error(`the registry does not take the manifest: ${await put.text()}`);
  return `${registry}/${name}:1`;
}

async function uploadBlob(registry: string, name: string, blob: Buffer): Promise<void> {
  const begun = await fetch(`http://${registry}/v2/${name}/blobs/uploads/`, { method: "POST" });
  const url = new URL(begun.headers.get("location") ?? "", `http://${registry}`);
  url.searchParams.set("digest", digestOf(blob));
  const put = await fetch(url, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(blob),
  });
  if (!put.ok) throw new Error(`the registry does not take the blob: ${await put.text()}`);
}

function descriptor(mediaType: string, blob: Buffer): object {
  return { mediaType, digest: digestOf(blob), size: blob.length };
}

function digestOf(blob: Buffer): string {
  return `sha256:${createHash("sha256").update(blob).digest("hex")}`;
}
