import type { ObservedContainer, ObservedImage } from "../model/observed.ts";
import { goJson } from "./go-json.ts";
import { humanDuration, humanSize } from "./human.ts";
import { formatTable } from "./table.ts";

export interface ImageUse {
  readonly container: ObservedContainer;
  readonly image: ObservedImage | undefined;
}

export function imagesTable(uses: readonly ImageUse[], now: number): string {
  const head = ["CONTAINER", "REPOSITORY", "TAG", "PLATFORM", "IMAGE ID", "SIZE", "CREATED"];
  const rows = uses.map(({ container, image }) => {
    const { repository, tag } = reference(container, image);
    const id = container.imageId.replace(/^sha256:/, "").slice(0, 12);
    const created = image?.createdAt === undefined ? "N/A" : `${humanDuration(now - image.createdAt)} ago`;
    return [container.name, repository, tag, platform(image), id, humanSize(image?.sizeBytes ?? 0), created];
  });
  return formatTable([head, ...rows], { minWidth: 20, gap: 3 });
}

/** docker compose's array, its empty line included; "null" stands for none there. */
export function imagesJson(uses: readonly ImageUse[]): string {
  const rows = uses.map(({ container, image }) => {
    const { repository, tag } = reference(container, image);
    return {
      ID: container.imageId,
      ContainerName: container.name,
      Repository: repository,
      Tag: tag,
      Platform: platform(image),
      Size: image?.sizeBytes ?? 0,
      ...(image?.exactly?.created !== undefined && { Created: image.exactly.created }),
      ...(image?.exactly?.tagged !== undefined && { LastTagTime: image.exactly.tagged }),
    };
  });
  return `${rows.length === 0 ? "null" : goJson(rows)}\n\n`;
}

/** The name that the container was made from, when it still means this image; else any name that the image has. */
function reference(
  container: ObservedContainer,
  image: ObservedImage | undefined,
): { repository: string; tag: string } {
  const tags = image?.repoTags ?? [];
  const own = [container.image, `${container.image}:latest`].find((name) => tags.includes(name));
  const name = own ?? tags[0];
  const [, repository = "", tag = ""] = /^(.*):([^/:]*)$/.exec(name ?? "") ?? [];
  return name === undefined ? { repository: "<none>", tag: "<none>" } : { repository, tag };
}

function platform(image: ObservedImage | undefined): string {
  if (image === undefined) return "";
  return [image.os, image.architecture, image.variant ?? ""].filter((part) => part !== "").join("/");
}
