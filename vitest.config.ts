import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/harness/sweep.ts"],
    pool: "forks", // names of test projects carry the worker's pid, so that a sweep leaves the living alone
    // A busy engine, and Debian's registry with a 500, answer otherwise once in some thousand requests; what is wrong
    // here is so every time.
    retry: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default config;
