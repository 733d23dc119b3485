/**
 * The name that was probably meant.
 * @returns undefined where none is near: where more than a third of the letters would have to change
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = lettersOf(name);
  const ranked = known
    .map((one) => ({ one, edits: editDistance(wanted, lettersOf(one)) }))
    .toSorted((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best && best.edits * 3 <= wanted.length ? best.one : undefined;
}

/** `maxBatch`, `max_batch` and `max-batch` are one name to people. */
function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Letters to insert, to remove, to change, or to change with the next one (Damerau 1964, Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swapped));
    }
    [before, row] = [row, next];
  }
  return row.at(-1) ?? 0;
}
