import { output } from "./output.ts";

/** A table that is drawn anew at the same place of the terminal. */
export interface LiveTable extends Disposable {
  draw(text: string): void;
}

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";

/** The last picture stays; the cursor comes back, however the program ends. */
export function liveTable(): LiveTable {
  const stream = output("stdout");
  let height = 0;
  const restore = (): void => void stream.write(showCursor);
  stream.write(hideCursor);
  process.once("exit", restore);
  return {
    draw(text) {
      // Some terminals call themselves nothing wide.
      const [rows, columns] = [stream.rows || 24, stream.columns || 80];
      // What has scrolled away cannot be drawn over, and a line that breaks counts as two.
      const lines = text
        .replace(/\n$/, "")
        .split("\n")
        .slice(0, rows - 1);
      const drawn = lines.map((line) => `${Array.from(line).slice(0, columns).join("")}\u001b[K\n`).join("");
      stream.write(`${height > 0 ? `\u001b[${height}A` : ""}${drawn}\u001b[J`);
      height = lines.length;
    },
    [Symbol.dispose]() {
      process.off("exit", restore);
      restore();
    },
  };
}
