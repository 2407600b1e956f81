/** docker compose's words for what a published project consists of. */
export const mediaTypes = {
  project: "application/vnd.docker.compose.project",
  composeFile: "application/vnd.docker.compose.file+yaml",
  envFile: "application/vnd.docker.compose.envfile",
  /** Of the configuration where the registry knows no artifact types. */
  emptyConfig: "application/vnd.docker.compose.config.empty.v1+json",
} as const;
