import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    maxWorkers: 4,
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
});
