/** The value in the middle of all, of an even number the larger of two; `undefined` of none. */
export function medianOf(values: Iterable<number>): number | undefined {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[sorted.length >> 1];
}
