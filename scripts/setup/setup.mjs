import { provideEngine } from "./engine.mjs";
// What `npm start` and `npm test` have in common: dependencies, build, engine. On a machine that has all three it only looks.
import { buildProject, installDependencies } from "./project.mjs";

/** Returns the environment for what runs next: it names the engine where that is not at its usual place. */
export async function setUp() {
  installDependencies();
  buildProject();
  const engine = await provideEngine();
  return { engine, env: engine.usual ? process.env : { ...process.env, DOCKER_HOST: engine.host } };
}
