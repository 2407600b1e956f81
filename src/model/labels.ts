/** Labels by which docker compose, and we, know what belongs to a project. */
export const composeLabels = {
  project: "com.docker.compose.project",
  service: "com.docker.compose.service",
  configHash: "com.docker.compose.config-hash",
  containerNumber: "com.docker.compose.container-number",
  oneOff: "com.docker.compose.oneoff",
  slug: "com.docker.compose.slug",
  dependsOn: "com.docker.compose.depends_on",
  image: "com.docker.compose.image",
  workingDir: "com.docker.compose.project.working_dir",
  configFiles: "com.docker.compose.project.config_files",
  environmentFile: "com.docker.compose.project.environment_file",
  version: "com.docker.compose.version",
  replace: "com.docker.compose.replace",
  network: "com.docker.compose.network",
  volume: "com.docker.compose.volume",
  hook: "com.docker.compose.hook",
} as const;

/** Where `--auto-ports` remembers which host ports it gave instead of those that the file prefers. */
export const portsLabel = "dev.tscompose.auto-ports";

/** The docker compose release whose behaviour and hashes we follow; written to the version label for its tools' sake. */
export const composeVersion = "2.40.3";
