import type { ContainerDetails, Engine } from "../engine/engine.ts";
import { printable } from "../model/printable.ts";

const logLines = 20;
const probesShown = 3;

/** What helps to understand why a container failed: its last health checks and its last lines. Never fails itself. */
export async function explainFailure(engine: Engine, id: string, message: string): Promise<readonly string[]> {
  try {
    const container = await engine.inspectContainer(id);
    return [...errorLines(container, message), ...probeLines(container), ...(await logTail(engine, container))];
  } catch {
    // The container is gone, or the engine is: the failure itself is reported all the same.
    return [];
  }
}

/** Only what the message itself does not say. */
function errorLines({ error }: ContainerDetails, message: string): string[] {
  return error === "" || message.includes(error) ? [] : [`the engine says: ${error}`];
}

function probeLines(container: ContainerDetails): string[] {
  const failed = container.probes.slice(-probesShown);
  if (failed.length === 0) return [];
  const command = container.healthcheckTest.slice(1).join(" ");
  const each = failed.flatMap((probe) => indent(`exit ${probe.exitCode}: ${probe.output.trim() || "(no output)"}`));
  return [`last health checks (${command}):`, ...each];
}

async function logTail(engine: Engine, container: ContainerDetails): Promise<string[]> {
  if (neverStarted(container)) return [];
  try {
    const text = await lastLines(engine, container);
    return text === "" ? ["it logged nothing"] : [`last log lines:`, ...indent(text)];
  } catch (error) {
    // A logging driver may keep nothing; what the health checks said is known all the same.
    return [`its logs cannot be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function lastLines(engine: Engine, { id, tty }: ContainerDetails): Promise<string> {
  const chunks: Uint8Array[] = [];
  const options = { follow: false, tail: logLines, timestamps: false, tty };
  for await (const chunk of engine.logs(id, options)) chunks.push(chunk.bytes);
  return Buffer.concat(chunks).toString("utf8").trimEnd();
}

/** The engine's zero time; a container whose start failed has it, too. */
function neverStarted({ startedAt }: ContainerDetails): boolean {
  return startedAt.startsWith("0001-");
}

/** Other programs' words: what could move the cursor or recolour the screen is left out. */
function indent(text: string): string[] {
  return printable(text)
    .split("\n")
    .map((line) => `  ${line}`);
}
