const palette = ["#3b4252", "#e06c75", "#8fbf6f", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0"];
const bright = ["#7f8794", "#ff7b86", "#a8d888", "#f5d08b", "#7bc3ff", "#d79bee", "#70d0dc", "#ffffff"];
const colours = [...palette, ...bright];

const cell = { width: 8.4, height: 19 };
const margin = { left: 18, top: 46, bottom: 16 };

/** One <text> a row; each run of equal style is placed by its column, so that no font can shift the table. */
export function drawScreen(rows, columns) {
  const width = Math.ceil(columns * cell.width + 2 * margin.left);
  const height = margin.top + rows.length * cell.height + margin.bottom;
  const buttons = ["#ff5f57", "#febc2e", "#28c840"].map(
    (fill, index) => `<circle cx="${20 + index * 20}" cy="18" r="6" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="${width}" height="${height}" rx="8" fill="#1e2228"/>
${buttons.join("")}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#c8ccd4" xml:space="preserve">
${rows.map(drawRow).filter(Boolean).join("\n")}
</g>
</svg>
`;
}

function drawRow(cells, row) {
  const y = margin.top + row * cell.height + 14;
  const spans = runsOf(cells).map(({ column, text, style }) => {
    const x = (margin.left + column * cell.width).toFixed(1);
    const length = ([...text].length * cell.width).toFixed(1);
    return `<tspan x="${x}" textLength="${length}"${attributes(style)}>${escape(text)}</tspan>`;
  });
  return spans.length > 0 ? `<text y="${y}">${spans.join("")}</text>` : "";
}

/** Neighbours of one style; words far apart (a table) are runs of their own, blanks at the ends are not drawn. */
function runsOf(cells) {
  const runs = [];
  for (const [column, each] of [...cells].entries()) {
    const { text = " ", style } = each ?? {};
    const last = runs.at(-1);
    if (last && last.style === style) last.text += text;
    else runs.push({ column, text, style });
  }
  return runs.flatMap((run) =>
    [...run.text.matchAll(/\S+(?: \S+)*/g)].map((word) => ({
      ...run,
      text: word[0],
      column: run.column + word.index,
    })),
  );
}

function attributes(style) {
  const fill = style?.colour === undefined ? "" : ` fill="${colours[style.colour]}"`;
  return `${fill}${style?.bold ? ' font-weight="bold"' : ""}${style?.dim ? ' opacity="0.6"' : ""}`;
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
