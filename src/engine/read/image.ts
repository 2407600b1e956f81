import type { ImageDefaults, ObservedImage } from "../../model/observed.ts";

/** GET /images/{name}/json, as far as we read it. */
export interface InspectedImage {
  readonly Id: string;
  readonly Os: string;
  readonly Architecture: string;
  readonly Variant?: string;
  readonly Size: number;
  readonly Created?: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Metadata?: { readonly LastTagTime?: string };
  readonly Config?: {
    readonly Env?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly Entrypoint?: readonly string[] | null;
    readonly User?: string;
    readonly WorkingDir?: string;
    readonly StopSignal?: string;
    readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly Volumes?: Readonly<Record<string, unknown>> | null;
    readonly Healthcheck?: { readonly Test?: readonly string[] | null } | null;
  } | null;
}

export function readInspectedImage(raw: InspectedImage): ObservedImage {
  const taggedAt = Date.parse(raw.Metadata?.LastTagTime ?? "");
  const createdAt = Date.parse(raw.Created ?? "");
  const test = raw.Config?.Healthcheck?.Test ?? [];
  return {
    id: raw.Id,
    os: raw.Os,
    architecture: raw.Architecture,
    ...(raw.Variant !== undefined && raw.Variant !== "" && { variant: raw.Variant }),
    sizeBytes: raw.Size,
    // The engine writes the year 1 for "never".
    ...(taggedAt > 0 && { taggedAt }),
    ...(createdAt > 0 && { createdAt }),
    exactly: {
      ...(taggedAt > 0 && { tagged: raw.Metadata?.LastTagTime ?? "" }),
      ...(createdAt > 0 && { created: raw.Created ?? "" }),
    },
    repoTags: raw.RepoTags ?? [],
    labels: new Map(Object.entries(raw.Config?.Labels ?? {})),
    volumes: Object.keys(raw.Config?.Volumes ?? {}).sort(),
    healthcheck: test.length > 0 && test[0] !== "NONE",
    defaults: readDefaults(raw),
  };
}

function readDefaults({ Config }: InspectedImage): ImageDefaults {
  const { Cmd, Entrypoint, User = "", WorkingDir = "", StopSignal = "", Healthcheck } = Config ?? {};
  return {
    environment: Config?.Env ?? [],
    labels: new Map(Object.entries(Config?.Labels ?? {})),
    exposed: Object.keys(Config?.ExposedPorts ?? {}),
    ...(Cmd && { command: Cmd }),
    ...(Entrypoint && { entrypoint: Entrypoint }),
    ...(User !== "" && { user: User }),
    ...(WorkingDir !== "" && { workingDir: WorkingDir }),
    ...(StopSignal !== "" && { stopSignal: StopSignal }),
    ...(Healthcheck && { healthcheck: Healthcheck }),
  };
}

/** An entry of GET /images/json, which knows less of each. */
export interface ListedImage {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Size: number;
  readonly Created: number;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

export function readListedImage(raw: ListedImage): ObservedImage {
  return {
    id: raw.Id,
    os: "",
    architecture: "",
    sizeBytes: raw.Size,
    createdAt: raw.Created * 1000,
    repoTags: raw.RepoTags ?? [],
    labels: new Map(Object.entries(raw.Labels ?? {})),
    volumes: [],
    healthcheck: false,
  };
}
