import type * as listr2Module from "listr2";

import type { ProgressEvent } from "../model/event.ts";
import { palette } from "./colour.ts";
import type { Palette } from "./colour.ts";
import { formatMessage } from "./message.ts";
import { ask } from "./prompt.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";
import { nextRows, titleOf } from "./rows.ts";
import type { Row, Rows } from "./rows.ts";

type Listr2 = typeof listr2Module;
type Task = listr2Module.ListrTask<unknown, typeof listr2Module.DefaultRenderer>;

/** Live rows, one a resource. listr2 only draws: its tasks await what our events settle. */
export function ttyRenderer(options: RendererOptions): Renderer {
  const colours = palette(options.colour);
  let rows: Rows = new Map();
  let board: Promise<Board> | undefined;
  let drawn: Promise<void> = Promise.resolve();
  let later = "";
  const write = (text: string): void => void options.stream.write(text);

  const openBoard = async (first: Rows, before: Promise<void>): Promise<Board> => {
    const listr2 = await import("listr2");
    // The rows of the plan before, if there was one, have to be finished.
    await before;
    return makeBoard(listr2, first, { ...options, colours });
  };
  const closeBoard = async (open: Promise<Board>, last: Rows): Promise<void> => {
    const opened = await open;
    await opened.close(last);
    write(later);
    later = "";
  };
  const onEvent = (event: ProgressEvent): void => {
    rows = nextRows(rows, event);
    const now = rows;
    if (event.kind === "resource.unchanged") {
      write(`${colours.green("✔")} ${titleOf(event.resource)}  ${colours.green(event.status)}\n`);
    } else if (event.kind === "notice") {
      // Between live rows it would be overdrawn.
      if (board === undefined) write(formatMessage(event, options));
      else later += formatMessage(event, options);
    } else if (event.kind === "plan.finished") {
      if (board !== undefined) drawn = closeBoard(board, now);
      board = undefined;
    } else if (event.kind === "step.started" && board === undefined) {
      board = openBoard(now, drawn);
    } else {
      void board?.then((opened) => opened.update(now));
    }
  };
  return {
    onEvent,
    async ask(question, answers) {
      await drawn;
      return ask(question, options, answers);
    },
    async close() {
      if (board !== undefined) drawn = closeBoard(board, rows);
      board = undefined;
      await drawn;
    },
  };
}

interface Board {
  update(rows: Rows): void;
  /** Whatever did not happen never will. */
  close(rows: Rows): Promise<void>;
}

type BoardOptions = RendererOptions & { readonly colours: Palette };

function makeBoard(listr2: Listr2, first: Rows, options: BoardOptions): Board {
  const width = Math.max(...[...first.values()].map((row) => row.title.length));
  const lines = new Map([...first].map(([resource, { title }]) => [resource, makeLine(title)]));
  let rows = first;
  const draw = (): void => {
    for (const [resource, row] of rows) lines.get(resource)?.show(rowText(row, width, options.colours), row);
  };
  const list = new listr2.Listr(
    [...lines.values()].map((line) => line.task),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: rendererClass(listr2),
      rendererOptions: {
        collapseErrors: false,
        showErrorMessage: false,
        formatOutput: "truncate",
        logger: logger(listr2, options),
        color: levelColours(listr2, options.colours),
      },
    },
  );
  const showCursor = (): void => void options.stream.write("\u001B[?25h");
  process.once("exit", showCursor);
  draw();
  const done = list.run();
  // Seconds go on while nothing happens.
  const clock = setInterval(draw, 100);
  return {
    update(next) {
      rows = next;
      draw();
    },
    async close(last) {
      rows = last;
      clearInterval(clock);
      draw();
      for (const line of lines.values()) line.end();
      await done;
      process.off("exit", showCursor);
    },
  };
}

/** A task of listr2 as we need it: it waits until its row begins, and ends when the row does. */
interface Line {
  readonly task: Task;
  show(text: string, row: Row): void;
  end(): void;
}

function makeLine(title: string): Line {
  const begun = deferred();
  const finished = deferred();
  let wrapper: { title: string; skip(message?: string): void } | undefined;
  let shown = { text: title, state: "waiting" as Row["state"] };
  let asked = false;
  const apply = (): void => {
    if (wrapper === undefined) return;
    if (wrapper.title !== shown.text) wrapper.title = shown.text;
    if (shown.state === "skipped") wrapper.skip(shown.text);
    if (shown.state === "failed") finished.fail(new Error(shown.text));
    else if (shown.state !== "waiting" && shown.state !== "running") finished.settle();
  };
  return {
    task: {
      title,
      // listr2 asks before it shows the rows, and once more when it starts the task: the second time we let it wait.
      enabled: async () => {
        if (asked) await begun.promise;
        asked = true;
        return true;
      },
      task: (_, task) => {
        wrapper = task;
        apply();
        return finished.promise;
      },
    },
    show(text, { state }) {
      shown = { text, state };
      if (state !== "waiting") begun.settle();
      apply();
    },
    end() {
      if (shown.state === "waiting" || shown.state === "running") shown = { ...shown, state: "skipped" };
      begun.settle();
      apply();
    },
  };
}

function rowText(row: Row, width: number, colours: Palette): string {
  const paint = {
    waiting: colours.dim,
    running: colours.cyan,
    done: colours.green,
    failed: colours.red,
    skipped: colours.yellow,
  };
  const title = row.title.padEnd(width);
  if (row.state === "waiting") return title;
  const detail = row.detail === "" ? "" : `  ${colours.dim(row.detail)}`;
  return `${title}  ${paint[row.state](row.status)}${detail}${elapsed(row, colours)}`;
}

function elapsed({ startedAt, endedAt }: Row, colours: Palette): string {
  if (startedAt === undefined) return "";
  const seconds = ((endedAt ?? Date.now()) - startedAt) / 1000;
  return seconds < 0.1 ? "" : `  ${colours.dim(`${seconds.toFixed(1)}s`)}`;
}

const frameMs = 80;

/**
 * listr2 looks at standard output to decide whether it may draw; we draw on standard error, and have decided. And it
 * draws all rows at each change of each: with many of them that would cost more than the work that they are about.
 */
function rendererClass(listr2: Listr2): typeof listr2.DefaultRenderer {
  return class extends listr2.DefaultRenderer {
    static override nonTTY = true;
    #frame: NodeJS.Timeout | undefined;
    override update(): void {
      this.#frame ??= setTimeout(() => {
        this.#frame = undefined;
        super.update();
      }, frameMs);
    }
    override end(): void {
      clearTimeout(this.#frame);
      super.end();
    }
  };
}

function logger(listr2: Listr2, { stream }: BoardOptions): InstanceType<Listr2["ListrLogger"]> {
  return new listr2.ListrLogger({
    useIcons: true,
    processOutput: new listr2.ProcessOutput(stream, stream, { leaveEmptyLine: false }),
  });
}

function levelColours(listr2: Listr2, colours: Palette): Readonly<Record<string, Palette["red"]>> {
  const levels = listr2.ListrDefaultRendererLogLevels;
  return {
    [levels.PENDING]: colours.cyan,
    [levels.COMPLETED]: colours.green,
    [levels.FAILED]: colours.red,
    [levels.WAITING]: colours.dim,
    [levels.SKIPPED_WITH_COLLAPSE]: colours.yellow,
  };
}

interface Deferred {
  readonly promise: Promise<void>;
  settle(): void;
  fail(error: Error): void;
}

function deferred(): Deferred {
  let settle = (): void => {};
  let fail: Deferred["fail"] = () => {};
  const promise = new Promise<void>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });
  // listr2 may not be there yet to hear of it.
  promise.catch(() => {});
  return { promise, settle, fail };
}
