import type { Report } from "../model/diagnostic.ts";
import { checkCycles } from "./check/cycle.ts";
import { checkDependencies } from "./check/dependency.ts";
import { checkLimits } from "./check/limit.ts";
import { checkMounts } from "./check/mount.ts";
import { checkReferences } from "./check/reference.ts";
import { checkContainerNames, checkSources } from "./check/resource.ts";
import { checkService } from "./check/service.ts";
import type { Subject } from "./check/subject.ts";

export { checkStructure } from "./check/structure.ts";
export type { Subject } from "./check/subject.ts";

/** Whether the parts of a project fit each other. Only services that are enabled are looked at. */
export function checkConsistency(subject: Subject, report: Report): void {
  for (const service of subject.enabled.values()) {
    checkService(service, subject, report);
    checkReferences(service, subject, report);
    checkDependencies(service, subject, report);
    checkLimits(service, subject, report);
    checkMounts(service, subject, report);
  }
  checkSources(subject, report);
  checkCycles(subject, report);
  checkContainerNames(subject, report);
}
