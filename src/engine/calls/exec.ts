import type { Connection } from "../connection.ts";
import type { Engine, ExecOptions } from "../engine.ts";
import { hasApi } from "../support.ts";
import { duplexed } from "../transport/duplexed.ts";

type ExecCalls = Pick<Engine, "attach" | "createExec" | "startExec" | "inspectExec" | "resize">;

export function execCalls({ client, info, names }: Connection): ExecCalls {
  return {
    async attach(id, options, signal) {
      const { stdin, stdout, stderr, logs, detachKeys } = options;
      const origin = { operation: "attach to container", resource: names.resource(id), signal };
      const query = { stream: true, stdin, stdout, stderr, logs, detachKeys };
      const call = { ...origin, method: "POST", path: `/containers/${id}/attach`, query } as const;
      return duplexed(await client.upgrade(call), options.tty, origin);
    },
    async createExec(id, options, signal) {
      const created = await client.json<{ readonly Id: string }>({
        operation: "run in container",
        resource: names.resource(id),
        method: "POST",
        path: `/containers/${id}/exec`,
        body: execBody(options, hasApi(info, "1.42")),
        signal,
      });
      return created.Id;
    },
    async startExec(execId, { tty, detach }, signal) {
      const origin = { operation: "run in container", resource: "command", signal };
      const call = { ...origin, method: "POST", path: `/exec/${execId}/start` } as const;
      if (detach === true) {
        await client.done({ ...call, body: { Detach: true, Tty: tty } });
        return nothingToSay;
      }
      return duplexed(await client.upgrade({ ...call, body: { Detach: false, Tty: tty } }), tty, origin);
    },
    async inspectExec(execId, signal) {
      const call = { operation: "inspect command", resource: "command", method: "GET", signal } as const;
      const answer = await client.json<{ readonly Running: boolean; readonly ExitCode: number | null }>({
        ...call,
        path: `/exec/${execId}/json`,
      });
      return { running: answer.Running, exitCode: answer.ExitCode ?? undefined };
    },
    async resize(target, { rows, columns }, signal) {
      const path = "exec" in target ? `/exec/${target.exec}/resize` : `/containers/${target.container}/resize`;
      const resource = "exec" in target ? "command" : names.resource(target.container);
      const query = { h: rows, w: columns };
      await client.done({ operation: "resize terminal", resource, method: "POST", path, query, signal });
    },
  };
}

/** A detached command has no output of ours. */
const nothingToSay = {
  output: (async function* () {})(),
  write: async () => {},
  end: async () => {},
  close: () => {},
};

function execBody(options: ExecOptions, knowsSize: boolean): object {
  const { command, environment, user, working_dir, size } = options;
  return {
    AttachStdin: options.stdin && !options.detach,
    AttachStdout: !options.detach,
    AttachStderr: !options.detach,
    Detach: options.detach,
    Tty: options.tty,
    Cmd: command,
    Env: environment && [...environment].map(([name, value]) => (value === null ? name : `${name}=${value}`)),
    User: user,
    WorkingDir: working_dir,
    Privileged: options.privileged,
    DetachKeys: options.detachKeys,
    ConsoleSize: knowsSize && size !== undefined && options.tty ? [size.rows, size.columns] : undefined,
  };
}
