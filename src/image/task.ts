import { nextTurn } from '../next-turn.js';

/** Work that may pause: it gives way at every `yield`, and ends with its result. */
export type Task<T> = Generator<undefined, T, undefined>;

/** Does the work without a pause. */
export function runSync<T>(work: Task<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/**
 * Does the work a piece at a time and lets everything else that waits have its turn between them.
 * @throws the signal's reason at the next pause after it was aborted
 */
export async function runYielding<T>(work: Task<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const step = work.next();
    if (step.done) return step.value;
    await nextTurn();
  }
}
