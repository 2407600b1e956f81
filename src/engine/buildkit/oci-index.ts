import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** An entry of index.json: where the image or cache of a name begins. */
interface Descriptor {
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Index {
  readonly manifests?: readonly Descriptor[];
}

const nameKey = "org.opencontainers.image.ref.name";

/** The digest under this tag, or of the only thing there is. */
export async function taggedDigest(folder: string, tag: string): Promise<string | undefined> {
  const { manifests = [] } = await readIndex(folder);
  const tagged = manifests.find(({ annotations }) => annotations?.[nameKey] === tag);
  return (tagged ?? (manifests.length === 1 ? manifests[0] : undefined))?.digest;
}

/** `descriptor` is JSON, as BuildKit gives it. */
export async function tagDescriptor(folder: string, tag: string, descriptor: string): Promise<void> {
  const { manifests = [] } = await readIndex(folder);
  const added = JSON.parse(descriptor) as Descriptor;
  const others = manifests.filter(({ annotations }) => annotations?.[nameKey] !== tag);
  const index = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [...others, { ...added, annotations: { ...added.annotations, [nameKey]: tag } }],
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(join(folder, "index.json"), JSON.stringify(index));
}

async function readIndex(folder: string): Promise<Index> {
  const text = await readFile(join(folder, "index.json"), "utf8").catch(() => "{}");
  return JSON.parse(text) as Index;
}
