import { posix } from "node:path";

import type { VolumeMount } from "../../model/project.ts";
import { parsed, unparsed, type Parsed, type Unparsed } from "./parsed.ts";

export interface ParsedVolumeMount {
  readonly mount: VolumeMount;
  /** The source is a volume with a name of one letter, which docker compose takes for a Windows drive. */
  readonly oneLetterName: boolean;
  /** Options that mean nothing; docker compose ignores them without a word. */
  readonly unknownOptions: readonly string[];
}

const form = "[SOURCE:]TARGET[:OPTIONS]";

/** "./data:/var/lib/data:ro" */
export function parseVolumeMount(text: string): Parsed<ParsedVolumeMount> {
  if (text === "") return unparsed("a volume is empty", { hint: `write it as ${form}` });
  // So short a text is a target without options, and docker compose gives it no `volume` block either.
  if (text.length <= 2 && !text.includes(":"))
    return parsed({ mount: { type: "volume", target: text }, oneLetterName: false, unknownOptions: [] });
  const fields = splitFields(text);
  const problem = checkFields(text, fields);
  if (problem !== undefined) return problem;
  const [first, second, third] = fields.map((field) => field.text);
  const source = second === undefined ? undefined : first;
  const target = cleanTarget(second ?? first ?? "");
  const options = readOptions(third?.split(",") ?? []);
  const oneLetterName = source !== undefined && /^[A-Za-z]$/.test(source);
  return parsed({ mount: build(source, target, options), oneLetterName, unknownOptions: options.unknown });
}

/** "C:\data" → "/c/data", for COMPOSE_CONVERT_WINDOWS_PATHS; other paths stay as they are. */
export function convertWindowsPath(path: string): string {
  const match = /^([A-Za-z]):([\\/].*)$/s.exec(path);
  if (match === null) return path;
  return `/${match[1]?.toLowerCase()}${match[2]?.replaceAll("\\", "/")}`;
}

interface Field {
  readonly text: string;
  readonly offset: number;
}

/** Splits at colons, but not inside `${…}` (left over with --no-interpolate) and not after a drive letter. */
function splitFields(text: string): readonly Field[] {
  const fields: Field[] = [];
  let start = 0;
  let braces = 0;
  for (let index = 0; index <= text.length; index++) {
    const char = text[index];
    if (char === "{" && (braces > 0 || text[index - 1] === "$")) braces++;
    else if (char === "}" && braces > 0) braces--;
    const separates = char === ":" && braces === 0 && !isDrive(text, start, index);
    if (!separates && index < text.length) continue;
    fields.push({ text: text.slice(start, index), offset: start });
    start = index + 1;
  }
  return fields;
}

/**
 * Whether the colon at `index` belongs to a Windows path that starts at `start`. docker compose says so of every single
 * letter, so that a volume named "v" becomes an anonymous volume at "v:/v". We take `v:/v` and `v:/v:ro` for what
 * they say, and `C:/data:/data` for a drive because a second absolute path follows.
 */
function isDrive(text: string, start: number, index: number): boolean {
  if (index !== start + 1 || !/[A-Za-z]/.test(text.charAt(start))) return false;
  if (text[index + 1] !== "/" || start > 0) return true;
  return /^[^:]*:([\\/]|[A-Za-z]:)/.test(text.slice(index + 1));
}

function checkFields(text: string, fields: readonly Field[]): Unparsed | undefined {
  const empty = fields.find((field) => field.text === "");
  if (empty !== undefined) {
    const place = { offset: Math.max(0, empty.offset - 1), length: 1 };
    return unparsed(`volume "${text}" has nothing on one side of a colon`, { hint: `write it as ${form}`, ...place });
  }
  const extra = fields[3];
  if (extra === undefined) return undefined;
  const place = { offset: extra.offset - 1, length: text.length - extra.offset + 1 };
  const hint = `write it as ${form}, or in long form with "type", "source" and "target"`;
  return unparsed(`volume "${text}" has too many colons`, { hint, ...place });
}

interface Options {
  readonly readOnly: boolean;
  readonly noCopy: boolean;
  readonly selinux?: string;
  readonly propagation?: string;
  readonly unknown: readonly string[];
}

/** Of options that exclude each other the last one counts. */
function readOptions(words: readonly string[]): Options {
  const last = (pattern: RegExp): string | undefined => words.findLast((word) => pattern.test(word));
  const selinux = last(/^[zZ]$/);
  const propagation = last(/^r?(private|shared|slave)$/);
  return {
    readOnly: last(/^r[ow]$/) === "ro",
    noCopy: words.includes("nocopy"),
    ...(selinux !== undefined && { selinux }),
    ...(propagation !== undefined && { propagation }),
    unknown: words.filter((word) => !knownOption.test(word)),
  };
}

/** The consistency words are for Docker Desktop; they mean nothing elsewhere but are no slip. */
const knownOption = /^(r[ow]|nocopy|[zZ]|r?(private|shared|slave)|consistent|cached|delegated|)$/;

function build(source: string | undefined, target: string, options: Options): VolumeMount {
  const isBind = source !== undefined && isPath(source);
  const bind = {
    ...(options.selinux !== undefined && { selinux: options.selinux }),
    ...(options.propagation !== undefined && { propagation: options.propagation }),
    ...(isBind && { create_host_path: true }),
  };
  return {
    type: isBind ? "bind" : "volume",
    ...(source !== undefined && { source }),
    target,
    ...(options.readOnly && { read_only: true }),
    ...(Object.keys(bind).length > 0 && { bind }),
    ...((!isBind || options.noCopy) && { volume: options.noCopy ? { nocopy: true } : {} }),
  };
}

function isPath(source: string): boolean {
  return /^([./~]|\\\\|[A-Za-z]:)/.test(source);
}

function cleanTarget(target: string): string {
  if (/^([A-Za-z]:|\\)/.test(target) || target.includes("${")) return target;
  const clean = posix.normalize(target);
  return clean.length > 1 && clean.endsWith("/") ? clean.slice(0, -1) : clean;
}
