/** Columns of a page of text. */
const PAGE_WIDTH = 120;

/** The formatter pads the cells of a table until all rows are as wide as the widest cells together. */
function paddedWidth(rows: readonly (readonly string[])[]): number {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return widths.reduce((sum, width) => sum + width + 3, 1);
}

/**
 * A table in Markdown. Where its rows would be padded beyond the page, the formatter is told to leave it.
 * @param alignments what lies below the head: `---` or `---:` for each column
 */
export function markdownTable(
  head: readonly string[],
  alignments: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [head, alignments, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return paddedWidth([head, ...rows]) > PAGE_WIDTH ? `<!-- prettier-ignore -->\n${lines}` : lines;
}
