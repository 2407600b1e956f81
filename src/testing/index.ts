/**
 * Compose projects for tests, whatever runs them.
 *
 * @example
 * const project = await startProject({ cwd: import.meta.dirname });
 * const db = connect(project.service("db").port(5432));
 * await project.stop();
 */
export { joinProject, startProject } from "./start-project.ts";
export type { SharedPort, SharedProject, TestProject, TestProjectOptions } from "./start-project.ts";
export { NotReadyError } from "./readiness.ts";
export type { Readiness } from "./readiness.ts";
export type { TestService } from "./service.ts";
