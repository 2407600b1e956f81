// A compose file that is a program: `tscompose up -d` finds it, `tscompose config` prints what comes of it.
import { defineCompose } from "tscompose";

import { healthy, worker } from "./parts/services.ts";

export default defineCompose(({ env }) => {
  // QUEUES=mail,video tscompose up -d
  const queues = (env["QUEUES"] ?? "mail,jobs").split(",");
  return {
    services: {
      redis: {
        image: env["REDIS_IMAGE"] ?? "redis:7-alpine",
        ...healthy("redis-cli", "ping"),
        volumes: ["data:/data"],
      },
      ...Object.fromEntries(queues.map((queue) => [`worker-${queue}`, worker(queue)])),
    },
    volumes: { data: {} },
  };
});
