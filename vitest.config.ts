import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/harness/sweep.ts"],
    pool: "forks", // names of test projects carry the worker's pid, so that a sweep leaves the living alone
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

export default config;
