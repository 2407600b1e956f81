/** What the verbs do when nobody says otherwise: what the command line does without flags. */
export const defaults = {
  services: { services: [] },
  up: {
    services: [],
    build: false,
    noBuild: false,
    quietPull: false,
    forceRecreate: false,
    noRecreate: false,
    removeOrphans: undefined,
    alwaysRecreateDeps: false,
    renewAnonVolumes: false,
    noDeps: false,
    noStart: false,
    quietBuild: false,
    wait: false,
  },
  create: {
    services: [],
    build: false,
    noBuild: false,
    quietPull: false,
    forceRecreate: false,
    noRecreate: false,
    removeOrphans: false,
  },
  down: { services: [], removeOrphans: undefined, volumes: false },
  start: { services: [], wait: false },
  restart: { services: [], noDeps: false },
  kill: { services: [], signalName: "SIGKILL", removeOrphans: false },
  rm: { services: [], stop: false, volumes: false, force: true },
  build: {
    services: [],
    buildArgs: [],
    noCache: false,
    pull: false,
    push: false,
    quiet: false,
    withDependencies: false,
    check: false,
  },
  pull: { services: [], ignoreBuildable: false, ignorePullFailures: false, includeDeps: false, quiet: false },
  push: { services: [], ignorePushFailures: false, includeDeps: false, quiet: false },
  publish: { resolveImageDigests: false, app: false, withEnv: false },
  ps: { services: [], all: false, status: [], orphans: true },
  logs: { services: [], follow: false },
  port: { protocol: "tcp" },
  config: {
    services: [],
    interpolate: true,
    normalize: true,
    resolvePaths: true,
    checkConsistency: true,
    resolveEnvironment: true,
    quiet: false,
  },
  exec: { detach: false, privileged: false, tty: false },
  run: {
    build: false,
    quietPull: false,
    quietBuild: false,
    removeOrphans: false,
    noDeps: false,
    // The command line keeps the container, for who wants to look at it; a program has the result.
    remove: true,
    useAliases: false,
    envFiles: [],
    labels: [],
    publish: [],
    servicePorts: false,
    volumes: [],
    capAdd: [],
    capDrop: [],
    tty: false,
  },
  attach: { noStdin: false },
  cp: { all: false, archive: false, followLink: false },
  commit: { changes: [], pause: true },
  stats: { services: [], all: false, stream: false },
  watch: { services: [], up: true, prune: true, quiet: false },
} as const;

/** Options over their defaults; one that is there and undefined counts as left out. */
export function filled<D extends object, O extends object>(given: D, options: O): Filled<D, O> {
  const present = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...given, ...Object.fromEntries(present) } as Filled<D, O>;
}

/** A default stands in for what may be left out. */
type Filled<D, O> = {
  readonly [K in keyof O as K extends keyof D ? never : K]: O[K];
} & { readonly [K in keyof D]: K extends keyof O ? Exclude<O[K], undefined> : D[K] };
