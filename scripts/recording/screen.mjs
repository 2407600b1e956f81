// As much of a terminal as progress displays use: colours, cursor up and down, carriage return, erasing.

const plain = { colour: undefined, bold: false, dim: false };

/** Rows of cells {text, style} as they stand when all of `output` has been written. */
export function showScreen(output, columns) {
  const screen = { rows: [[]], row: 0, column: 0, columns, style: plain };
  for (const [token, control, parameters, final] of output.matchAll(tokens)) {
    if (final) controls[final]?.(screen, parameters.replace(/^\?/, "").split(";").map(Number));
    else if (!control) (characters[token] ?? put)(screen, token);
  }
  while (screen.rows.length > 0 && screen.rows.at(-1).every((cell) => cell === undefined || cell.text === " "))
    screen.rows.pop();
  return screen.rows;
}

// A control sequence; another escape, which is skipped; one character, however many bytes it takes.
const tokens = /(\x1b\[([\d;?]*)([A-Za-z])|\x1b\][^\x07]*\x07|\x1b[^[\]])|[^]/gu;

const characters = {
  "\r": (screen) => (screen.column = 0),
  "\n": (screen) => moveTo(screen, screen.row + 1),
  "\x07": () => undefined,
};

const controls = {
  A: (screen, [count]) => moveTo(screen, screen.row - (count || 1)),
  B: (screen, [count]) => moveTo(screen, screen.row + (count || 1)),
  C: (screen, [count]) => (screen.column += count || 1),
  D: (screen, [count]) => (screen.column = Math.max(0, screen.column - (count || 1))),
  E: (screen, [count]) => (moveTo(screen, screen.row + (count || 1)), (screen.column = 0)),
  F: (screen, [count]) => (moveTo(screen, screen.row - (count || 1)), (screen.column = 0)),
  G: (screen, [column]) => (screen.column = (column || 1) - 1),
  J: (screen, [how]) => {
    screen.rows.length = how === 2 ? 0 : screen.row + 1;
    moveTo(screen, how === 2 ? 0 : screen.row);
    screen.rows[screen.row].length = Math.min(screen.rows[screen.row].length, screen.column);
  },
  K: (screen, [how]) => {
    const row = screen.rows[screen.row];
    if (how === 2) row.length = 0;
    else if (how === 1) row.fill(undefined, 0, screen.column + 1);
    else row.length = Math.min(row.length, screen.column);
  },
  m: (screen, codes) => (screen.style = restyle(screen.style, codes)),
};

function put(screen, text) {
  if (screen.column >= screen.columns) {
    moveTo(screen, screen.row + 1);
    screen.column = 0;
  }
  screen.rows[screen.row][screen.column] = { text, style: screen.style };
  screen.column += 1;
}

function moveTo(screen, row) {
  screen.row = Math.max(0, row);
  while (screen.rows.length <= screen.row) screen.rows.push([]);
}

function restyle(style, codes) {
  let next = style;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at];
    if (code === 0) next = plain;
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 2) next = { ...next, dim: true };
    else if (code === 22) next = { ...next, bold: false, dim: false };
    else if (code === 39) next = { ...next, colour: undefined };
    else if (code >= 30 && code <= 37) next = { ...next, colour: code - 30 };
    else if (code >= 90 && code <= 97) next = { ...next, colour: code - 90 + 8 };
    else if (code === 38) {
      // 38;5;N: of 256 colours the first sixteen are the ones above; 38;2;R;G;B does not occur in our output
      next = { ...next, colour: codes[at + 2] < 16 ? codes[at + 2] : 7 };
      at += 2;
    }
  }
  return next;
}
