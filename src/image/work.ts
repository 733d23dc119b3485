/** Work that may pause: it gives way at every `yield`, and ends with its result. */
export type Work<T> = Generator<undefined, T, undefined>;

/** Does the work without a pause. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/**
 * Does the work a piece at a time and lets everything else that waits have its turn between them.
 * @throws the signal's reason at the next pause after it was aborted
 */
export async function finishInTurns<T>(work: Work<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const step = work.next();
    if (step.done) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
