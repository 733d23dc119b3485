/**
 * Triton's classification extension: the largest values of a row with the names of their classes, largest first.
 * @param row one value a digit
 * @param count how many of them, at most as many as the row has
 * @returns `value:index:label`
 */
export function classify(row: ArrayLike<number>, count: number): string[] {
  return Array.from(row, (value, index) => ({ value, index }))
    .toSorted((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, count)
    .map(({ value, index }) => `${value.toFixed(6)}:${index}:${index}`);
}
