/** Work that may pause: it gives way at every `yield`, and ends with its result. */
export type Work<T> = Generator<undefined, T, undefined>;

/** Does the work without a pause. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Does the work a piece at a time and lets everything else that waits have its turn between them. */
export async function finishInTurns<T>(work: Work<T>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
