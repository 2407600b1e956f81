import type { BuildProgress } from "../../engine/engine.ts";

/** Turns a build's progress into lines, and keeps what a person needs if it fails. */
export interface BuildLog {
  read(progress: BuildProgress): readonly string[];
  /** The last output of what failed, then the lines of the Dockerfile. */
  failure(): readonly string[];
}

/** A person reads the end of what a command printed; the rest was shown as it came. */
const outputKept = 20;
const amountEveryMs = 1000;

export function buildLog(): BuildLog {
  const steps = new Map<string, string>();
  const begun = new Set<string>();
  const ended = new Set<string>();
  const output = new Map<string, string[]>();
  const unfinished = new Map<string, string>();
  const amounts = new Map<string, number>();
  let failed: string | undefined;
  let source: readonly string[] = [];

  const readStep = (step: Extract<BuildProgress, { kind: "step" }>): readonly string[] => {
    steps.set(step.id, step.name);
    if (step.state === "failed") failed = step.id;
    // The engine tells the same state again with every message.
    if (ended.has(step.id) || (step.state === "started" && begun.has(step.id))) return [];
    begun.add(step.id);
    if (step.state === "started") return [step.name];
    ended.add(step.id);
    return [...rest(step.id), `${step.name} ${endWord(step)}`];
  };
  const keep = (id: string, lines: readonly string[]): readonly string[] => {
    const told = lines.map(lastState);
    output.set(id, [...(output.get(id) ?? []), ...told].slice(-outputKept));
    return told;
  };
  /** Output comes in pieces that may end within a line. */
  const readOutput = (id: string, text: string): readonly string[] => {
    const lines = `${unfinished.get(id) ?? ""}${text}`.split("\n");
    unfinished.set(id, lines.pop() ?? "");
    return keep(id, lines);
  };
  const rest = (id: string): readonly string[] => {
    const line = unfinished.get(id) ?? "";
    unfinished.delete(id);
    return line === "" ? [] : keep(id, [line]);
  };
  const readAmount = ({
    id,
    name,
    current,
    total,
    done,
  }: Extract<BuildProgress, { kind: "amount" }>): readonly string[] => {
    const key = `${id} ${name}`;
    const before = amounts.get(key) ?? Date.now();
    amounts.set(key, done ? Infinity : before);
    if (current === 0 || before === Infinity || !(done || Date.now() - before >= amountEveryMs)) return [];
    if (!done) amounts.set(key, Date.now());
    return [`${name} ${size(current)}${total === 0 || total === current ? "" : ` of ${size(total)}`}`];
  };
  return {
    read(progress) {
      switch (progress.kind) {
        case "step":
          return readStep(progress);
        case "output":
          return readOutput(progress.id ?? "", progress.text);
        case "amount":
          return readAmount(progress);
        case "source":
          source = sourceLines(progress);
          return [];
        case "image":
          return [...unfinished.keys()].flatMap(rest);
      }
    },
    failure() {
      // An old builder does not say which step a line belongs to.
      const id = failed ?? "";
      rest(id);
      const lines = output.get(id) ?? [];
      const name = steps.get(id);
      return [...(name === undefined || lines.length === 0 ? [] : [`${name}:`]), ...lines, ...source];
    },
  };
}

function endWord({ state, seconds }: Extract<BuildProgress, { kind: "step" }>): string {
  if (state === "cached") return "CACHED";
  return state === "failed" ? "ERROR" : `DONE ${(seconds ?? 0).toFixed(1)}s`;
}

/** A command that draws a bar over itself: only what stands there last. */
function lastState(line: string): string {
  return line.slice(line.lastIndexOf("\r") + 1);
}

function sourceLines({ file, lines }: Extract<BuildProgress, { kind: "source" }>): readonly string[] {
  const width = Math.max(...lines.map(({ number }) => String(number).length));
  const first = lines.find(({ failed }) => failed)?.number ?? 1;
  return [
    `${file}:${first}`,
    ...lines.map(({ number, text, failed }) =>
      `${failed ? ">" : " "} ${String(number).padStart(width)} | ${text}`.trimEnd(),
    ),
  ];
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
