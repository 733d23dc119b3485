import type { ReadCandidate } from '../../src/numbers/candidate.js';

/** A candidate that is most probably a digit: 20 x 30 pixels unless said. */
export function candidate(
  digit: number,
  x: number,
  changes: {
    y?: number;
    width?: number;
    height?: number;
    isDigit?: number;
    sure?: number;
  } = {},
): ReadCandidate {
  const { y = 0, width = 20, height = 30, isDigit = 0.95, sure = 0.91 } = changes;
  const probabilities = Float32Array.from({ length: 10 }, (_, i) => (i === digit ? sure : (1 - sure) / 9));
  return { box: { x, y, width, height }, isDigit, probabilities };
}
