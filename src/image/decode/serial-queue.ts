/** Runs one job at a time, in the order of arrival. */
export class SerialQueue {
  /** What starts each waiting job; a set, so that one which is given up leaves from wherever it stands. */
  readonly #waiting = new Set<() => void>();
  #isRunning = false;

  /**
   * Runs `job` when everything that came before has ended, well or badly.
   * @param signal a job whose signal is aborted before it begins never runs, and nothing of it is kept
   * @throws what the job throws; the signal's reason
   */
  run<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const drop = (): void => {
        this.#waiting.delete(start);
        reject(signal?.reason);
      };
      const start = (): void => {
        signal?.removeEventListener('abort', drop);
        this.#isRunning = true;
        void job()
          .then(resolve, reject)
          .finally(() => this.#startNext());
      };
      if (this.#isRunning) {
        this.#waiting.add(start);
        signal?.addEventListener('abort', drop, { once: true });
      } else start();
    });
  }

  #startNext(): void {
    this.#isRunning = false;
    const [start] = this.#waiting;
    if (!start) return;
    this.#waiting.delete(start);
    start();
  }
}
