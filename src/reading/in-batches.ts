import { nextTurn } from '../next-turn.js';

/** Images of one inference; until it is over no other request has a turn. */
const INFERENCE_IMAGES = 16;

/**
 * Does the work on some at a time, and lets others have their turn in between.
 * @returns one result each, in their order
 */
export async function inBatches<T, R>(
  all: readonly T[],
  work: (some: readonly T[]) => Promise<R[]>,
): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += INFERENCE_IMAGES) {
    if (from > 0) await nextTurn();
    results.push(...(await work(all.slice(from, from + INFERENCE_IMAGES))));
  }
  return results;
}
