import { EngineError } from "../../model/error.ts";
import { composeLabels } from "../../model/labels.ts";
import type { ObservedVolume } from "../../model/observed.ts";
import type { Connection } from "../connection.ts";
import type { Engine } from "../engine.ts";

type VolumeCalls = Pick<Engine, "listVolumes" | "findVolume" | "createVolume" | "removeVolume">;

interface InspectedVolume {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

export function volumeCalls({ client }: Connection): VolumeCalls {
  return {
    async listVolumes({ project }, signal) {
      const filters = project === undefined ? {} : { label: [`${composeLabels.project}=${project}`] };
      const call = { operation: "list volumes", resource: "volumes", method: "GET", path: "/volumes" } as const;
      const listed = await client.json<{ readonly Volumes: readonly InspectedVolume[] | null }>({
        ...call,
        query: { filters },
        signal,
      });
      return (listed.Volumes ?? []).map(readVolume);
    },
    async findVolume(name, signal) {
      const call = { operation: "find volume", resource: `volume ${name}`, method: "GET" } as const;
      try {
        return readVolume(await client.json<InspectedVolume>({ ...call, path: pathOf(name), signal }));
      } catch (error) {
        if (error instanceof EngineError && error.status === 404) return undefined;
        throw error;
      }
    },
    async createVolume(volume, labels, signal) {
      await client.done({
        operation: "create volume",
        resource: `volume ${volume.name}`,
        method: "POST",
        path: "/volumes/create",
        body: {
          Name: volume.name,
          Driver: volume.driver,
          DriverOpts: Object.fromEntries(volume.driver_opts ?? []),
          Labels: Object.fromEntries(labels),
        },
        signal,
      });
    },
    async removeVolume(name, signal) {
      const call = { operation: "remove volume", resource: `volume ${name}`, method: "DELETE" } as const;
      try {
        // Not forced: the engine would then not say that there was none.
        await client.done({ ...call, path: pathOf(name), signal });
        return "removed";
      } catch (error) {
        if (error instanceof EngineError && error.status === 404) return "absent";
        if (error instanceof EngineError && error.status === 409) return "in use";
        throw error;
      }
    },
  };
}

function pathOf(name: string): string {
  return `/volumes/${encodeURIComponent(name)}`;
}

function readVolume(raw: InspectedVolume): ObservedVolume {
  return {
    name: raw.Name,
    driver: raw.Driver,
    mountpoint: raw.Mountpoint,
    labels: new Map(Object.entries(raw.Labels ?? {})),
  };
}
