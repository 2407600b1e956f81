import type { Output, OutputLine, OutputSource } from "../model/output.ts";
import { printableLine } from "../model/printable.ts";
import { rotation } from "./colour.ts";
import type { Paint } from "./colour.ts";

export interface LogFormat {
  readonly colour: boolean;
  /** `web-1  | ` in front of each line. */
  readonly prefix: boolean;
  readonly timestamps: boolean;
  /** One JSON object a line instead. */
  readonly json: boolean;
}

export interface Written {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** Turns what containers say into the lines that a person reads; remembers widths and colours of those it has met. */
export function logFormatter(format: LogFormat): (output: Output) => readonly Written[] {
  const prefixOf = format.prefix ? prefixes(format.colour) : { meet: () => {}, of: () => "" };
  return (output) => {
    switch (output.kind) {
      case "lines":
        // As data the stream is a field, and everything goes where data goes.
        if (format.json) {
          return [{ stream: "stdout", text: output.lines.map((line) => jsonLine(output.source, line)).join("") }];
        }
        return textLines(output.lines, prefixOf.of(output.source), format);
      case "attaching": {
        prefixOf.meet(output.sources);
        const names = output.sources.map((source) => source.label).join(", ");
        return format.json || names === "" ? [] : [{ stream: "stdout", text: `Attaching to ${names}\n` }];
      }
      case "exited":
        return [{ stream: "stdout", text: format.json ? jsonExit(output) : exitLine(output) }];
      case "unreadable":
        return [
          {
            stream: "stderr",
            text: `warning: the logs of ${output.source.label} cannot be read: ${printableLine(output.message)}\n`,
          },
        ];
    }
  };
}

function textLines(lines: readonly OutputLine[], prefix: string, { timestamps }: LogFormat): readonly Written[] {
  return byStream(lines, ({ time, text }) => (timestamps ? `${prefix}${time} ${text}\n` : `${prefix}${text}\n`));
}

/** Lines for one stream after another become one text: many lines, few writes. */
function byStream(lines: readonly OutputLine[], format: (line: OutputLine) => string): readonly Written[] {
  const written: { stream: "stdout" | "stderr"; text: string }[] = [];
  let current: { stream: "stdout" | "stderr"; text: string } | undefined;
  for (const line of lines) {
    if (current?.stream !== line.stream) {
      current = { stream: line.stream, text: "" };
      written.push(current);
    }
    current.text += format(line);
  }
  return written;
}

function jsonLine(source: OutputSource, { time, stream, text }: OutputLine): string {
  const data = text.startsWith("{") ? parsedObject(text) : undefined;
  const line = {
    time,
    service: source.service,
    container: source.name,
    stream,
    text,
    ...(data !== undefined && { data }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Many programs log JSON themselves: its fields are what one wants to query. */
function parsedObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Exit = Extract<Output, { kind: "exited" }>;

function exitLine({ source, code, restarting }: Exit): string {
  return `${source.label} exited with code ${code}${restarting ? " (restarting)" : ""}\n`;
}

function jsonExit({ source, code, restarting }: Exit): string {
  return `${JSON.stringify({ service: source.service, container: source.name, exitCode: code, restarting })}\n`;
}

interface Prefixes {
  /** Names that are known before they speak keep the column straight from the first line on. */
  meet(sources: readonly OutputSource[]): void;
  of(source: OutputSource): string;
}

function prefixes(colour: boolean): Prefixes {
  const paints = new Map<string, Paint>();
  let ready = new Map<string, string>();
  let width = 0;
  const meet = (sources: readonly OutputSource[]): void => {
    for (const { label } of sources) {
      if (!paints.has(label)) paints.set(label, rotation[paints.size % rotation.length] ?? ((text) => text));
      if (label.length > width) {
        width = label.length;
        ready = new Map();
      }
    }
  };
  return {
    meet,
    of(source) {
      const known = ready.get(source.label);
      if (known !== undefined) return known;
      meet([source]);
      const text = `${source.label.padEnd(width + 1)} | `;
      const prefix = colour ? (paints.get(source.label)?.(text) ?? text) : text;
      ready.set(source.label, prefix);
      return prefix;
    },
  };
}
