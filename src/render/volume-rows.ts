import type { ObservedVolume } from "../model/observed.ts";
import { joinLabels } from "./container-rows.ts";
import type { Listing } from "./list-format.ts";

/** What `volumes --format` can name, in the order of the docker CLI's JSON. */
export interface VolumeRow {
  readonly Availability: string;
  readonly Driver: string;
  readonly Group: string;
  readonly Labels: string;
  readonly Links: string;
  readonly Mountpoint: string;
  readonly Name: string;
  readonly Scope: string;
  readonly Size: string;
  readonly Status: string;
  readonly Label: (name: unknown) => string;
}

export function volumeRow(volume: ObservedVolume): VolumeRow {
  return {
    // These are known of volumes of a cluster only.
    Availability: "N/A",
    Driver: volume.driver,
    Group: "N/A",
    Labels: joinLabels(volume.labels),
    Links: "N/A",
    Mountpoint: volume.mountpoint,
    Name: volume.name,
    Scope: "local",
    Size: "N/A",
    Status: "N/A",
    Label: (name) => volume.labels.get(String(name)) ?? "",
  };
}

export const volumeListing: Listing<VolumeRow> = {
  headers: { Name: "VOLUME NAME" },
  table: ["Driver", "Name"],
  minWidth: 10,
};
