// Runs a compose file in a process of its own: nothing that it does (exit, change folder, remember) happens to us, and
// it is read anew each time. Plain JavaScript, as it is run as it lies here. index.ts of this folder talks to it.
import * as nodeModule from "node:module";
import { isMainThread } from "node:worker_threads";

const lastWordsMs = 100;

/** URL → JavaScript; URL of who imports → what it writes → URL of what it means. */
let graph = { sources: new Map(), targets: new Map() };

export function initialize(data) {
  graph = data;
}

export function resolve(specifier, context, next) {
  const url = graph.targets.get(context.parentURL ?? "")?.get(specifier);
  return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
}

export function load(url, context, next) {
  const found = graph.sources.get(url);
  if (found !== undefined) return { format: "module", source: found, shortCircuit: true };
  // Compilers and bundlers do not ask for the attribute.
  const attributes = url.endsWith(".json") ? { importAttributes: { type: "json" } } : {};
  return next(url, { ...context, ...attributes });
}

// Loaded once more, beside the program, where Node keeps its module hooks.
if (isMainThread && process.send !== undefined) listen();

function listen() {
  const answer = (result) => process.connected && process.send(result, () => process.disconnect());
  process.once("message", (request) => {
    // A program that waits for nothing that will ever come has to end.
    process.channel.unref();
    // Also what fails where nobody waits for it is told with its place.
    process.on("uncaughtException", (error) => answer(describeFailure(error)));
    void run(request).catch(describeFailure).then(answer);
  });
  // Nobody is there any more, or has what there is to be had: a timer or a connection of the program keeps nobody alive.
  process.once("disconnect", () => setTimeout(() => process.exit(), lastWordsMs).unref());
}

async function run({ entry, sources, targets, slots, argument }) {
  initialize({ sources, targets });
  if (nodeModule.registerHooks !== undefined) nodeModule.registerHooks({ resolve, load });
  else nodeModule.register(import.meta.url, { data: { sources, targets } });
  const places = rememberLiterals(slots);
  const { default: exported } = await import(entry);
  const value = typeof exported === "function" ? await exported(argument) : await exported;
  return { kind: "done", isMissing: value === undefined, value: describe(value, { places, at: undefined, above: [] }) };
}

function describeFailure(error) {
  if (!(error instanceof Error)) return { kind: "failed", message: String(error), stack: "", name: "", code: "" };
  const { message, stack = "", name, code = "" } = error;
  return { kind: "failed", message, stack, name, code: String(code) };
}

/** Which literal an object was made by, and what was spread into it. */
function rememberLiterals(slots) {
  const origins = new WeakMap();
  const spreads = [];
  const mark = (object, number) => {
    const own = [];
    while (spreads.at(-1)?.number === number) own.push(spreads.pop());
    origins.set(object, { number, spreads: new Map(own.map(({ slot, value }) => [slot, value])) });
    return object;
  };
  mark.entries = (value, number, slot) => {
    spreads.push({ number, slot, value });
    return value;
  };
  // What is iterated over can be gone through once; a list can be counted later.
  mark.items = (value, number, slot) => mark.entries(Array.isArray(value) ? value : [...value], number, slot);
  globalThis.$tscompose = mark;
  return {
    literalOf: (object) => origins.get(object)?.number,
    ofKey: (object, key) => placeOfKey(object, key, { origins, slots }),
    ofItem: (list, index) => placeOfItem(list, index, { origins, slots }),
  };
}

function placeOfKey(object, key, known) {
  const origin = known.origins.get(object);
  if (origin === undefined) return undefined;
  const slots = known.slots[origin.number];
  for (let index = slots.length - 1; index >= 0; index -= 1) {
    const { kind, name } = slots[index];
    if (kind === "named" && name === key) return [origin.number, index];
    const from = origin.spreads.get(index);
    if (kind === "spread" && Object(from) === from && Object.hasOwn(from, key)) {
      return placeOfKey(from, key, known) ?? [origin.number, index];
    }
  }
  const computed = slots.flatMap(({ kind }, index) => (kind === "computed" ? [index] : []));
  return computed.length === 1 ? [origin.number, computed[0]] : undefined;
}

function placeOfItem(list, wanted, known) {
  const origin = known.origins.get(list);
  let passed = 0;
  for (const [index, { kind }] of (known.slots[origin?.number] ?? []).entries()) {
    const from = origin.spreads.get(index);
    const length = kind === "spread" ? (from?.length ?? 0) : 1;
    if (wanted < passed + length) {
      return (
        (kind === "spread" && Array.isArray(from) ? placeOfItem(from, wanted - passed, known) : undefined) ?? [
          origin.number,
          index,
        ]
      );
    }
    passed += length;
  }
  return undefined;
}

const tag = Symbol.for("tscompose.tag");

/** Plain data and where it comes from; what is no data is named. */
function describe(value, { places, at, above }) {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") {
    return { kind: "scalar", value, at };
  }
  if (typeof value === "number")
    return Number.isFinite(value) ? { kind: "scalar", value, at } : { kind: "wrong", what: String(value), at };
  if (typeof value !== "object")
    return { kind: "wrong", what: value === undefined ? "undefined" : `a ${typeof value}`, at };
  if (above.includes(value)) return { kind: "wrong", what: "a part of itself", at };
  const below = [...above, value];
  const common = { at, literal: places.literalOf(value), tag: value[tag] };
  if (Array.isArray(value)) {
    const items = Array.from(value, (item, index) =>
      describe(item, { places, at: places.ofItem(value, index), above: below }),
    );
    return { kind: "list", items, ...common };
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    const name = value.constructor?.name ?? "object";
    return { kind: "wrong", what: name === "Promise" ? "a promise that nobody awaits" : `a ${name}`, at };
  }
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => [key, describe(each, { places, at: places.ofKey(value, key), above: below })]);
  return { kind: "map", entries, ...common };
}
