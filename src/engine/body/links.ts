import { composeLabels } from "../../model/labels.ts";
import type { CreateContainer } from "../engine.ts";

type Linking = Pick<CreateContainer, "project" | "service" | "references" | "labels">;

/** "container:alias" for each name under which a linked container is to be found. */
export function linkList(request: Linking): string[] | undefined {
  const links = [...serviceLinks(request), ...externalLinks(request)];
  return links.length === 0 ? undefined : links;
}

/**
 * Under the link's alias, and under the short and the full name, as in the days before networks. Those end in the number
 * of the container that links, as docker compose has them; a one-off has none.
 */
function serviceLinks({ project, service, references, labels }: Linking): string[] {
  const own = labels.get(composeLabels.containerNumber);
  return (service.links ?? []).flatMap((link) => {
    const [target = "", alias = target] = link.split(":", 2);
    return (references.get(target) ?? []).flatMap(({ name, number }) => {
      const short = [target, own ?? String(number ?? 1)].join(project.separator);
      return [alias, short, [project.name, short].join(project.separator)].map((each) => `${name}:${each}`);
    });
  });
}

function externalLinks({ service }: Linking): string[] {
  return (service.external_links ?? []).map((link) => (link.includes(":") ? link : `${link}:${link}`));
}
