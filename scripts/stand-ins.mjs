// node scripts/stand-ins.mjs [--no-pull] IMAGE…
// node scripts/stand-ins.mjs --remove            what is left of them would pass for the real images
//
// Sees to it that the images are there, where no registry can be reached too: an image that is missing and cannot be
// pulled gets a stand-in, made from this machine's own Node and busybox after scripts/stand-ins/<last word of its
// name>/Dockerfile. A stand-in is labelled as one, and is said to be one; a real image is never replaced.
import { cpSync, existsSync, rmSync } from "node:fs";
import path from "node:path";

import { withLock } from "./build/lock.mjs";
import { findEngine } from "./setup/engine.mjs";
import { root, run, runScript, say, StepFailure } from "./setup/say.mjs";
import { ensureBase } from "./stand-ins/base.mjs";
import {
  buildImage,
  fingerprint,
  inspectImage,
  pullImage,
  recipeLabel,
  removeStandIns,
  standInLabel,
} from "./stand-ins/image.mjs";

const recipes = path.join(root, "scripts/stand-ins");
const exampleOfNode = path.join(root, "examples/node-web");

/** Kept, so that a second engine gets its images without asking the npm registry again. */
const npmCache = path.join(root, "node_modules/.cache/stand-ins/npm");

/** What a recipe needs besides its folder. */
const preparations = {
  // Containers cannot reach an npm registry either: the image brings along what the example's `npm ci` will ask for.
  node: {
    files: [path.join(exampleOfNode, "package-lock.json")],
    prepare(folder) {
      const scratch = path.join(folder, "scratch");
      for (const file of ["package.json", "package-lock.json"])
        cpSync(path.join(exampleOfNode, file), path.join(scratch, file));
      run(
        "npm",
        [
          "ci",
          "--no-audit",
          "--no-fund",
          "--ignore-scripts",
          "--prefer-offline",
          "--fetch-retries=1",
          "--cache",
          npmCache,
        ],
        {
          cwd: scratch,
          step: "stand-in for node",
          remedy: "it needs what examples/node-web depends on: check that the npm registry can be reached",
        },
      );
      rmSync(scratch, { recursive: true });
      cpSync(npmCache, path.join(folder, "npm-cache"), { recursive: true });
    },
  },
};

export async function provideImages(host, images, options) {
  // Two at once would each make one, and containers of the first image would be of another than that of the name.
  await withLock(path.join(root, "node_modules/.cache/stand-ins/lock"), () => provideEach(host, images, options));
}

async function provideEach(host, images, { pull }) {
  for (const image of images) {
    const present = await inspectImage(host, image);
    const isStandIn = present?.Config?.Labels?.[standInLabel] !== undefined;
    if (present && !isStandIn) continue;
    if (!present && pull && (await pullImage(host, image))) continue;
    await makeStandIn(host, image, present);
  }
}

async function makeStandIn(host, image, present) {
  const name = path.basename(image.split("@")[0]).split(":")[0];
  const folder = path.join(recipes, name);
  if (!existsSync(folder)) {
    const remedy = "check the network, or build an image of that name yourself";
    throw new StepFailure("images", `${image} cannot be pulled, and there is no stand-in for it`, remedy);
  }
  const { files = [], prepare } = preparations[name] ?? {};
  const recipe = await fingerprint([folder, recipes, import.meta.filename, ...files]);
  if (present?.Config?.Labels?.[recipeLabel] === recipe) return;
  await ensureBase(host, "busybox");
  if (name !== "busybox") await ensureBase(host, "node");
  await buildImage(host, { image, folder, prepare, labels: { [standInLabel]: image, [recipeLabel]: recipe } });
  const program = name === "busybox" ? "busybox" : `Node (${process.version})`;
  say(`made a stand-in for ${image} from this machine's own ${program}: the real one is not here`);
}

if (process.argv[1] === import.meta.filename) {
  await runScript(async () => {
    const words = process.argv.slice(2);
    const engine = await findEngine();
    if (engine.kind !== "found")
      throw new StepFailure("images", "no engine answers", "run npm start, which provides one");
    if (words.includes("--remove")) return await removeStandIns(engine.host);
    await provideImages(
      engine.host,
      words.filter((word) => !word.startsWith("-")),
      { pull: !words.includes("--no-pull") },
    );
  });
}
