/** A network that is opened when it is first needed: who has no use for it has no memory for it. */
export interface WhenNeeded<T> {
  get(): Promise<T>;
  /** Frees what was opened. */
  close(): Promise<void>;
}

/** One that failed to open is tried again when it is needed next. */
export function whenNeeded<T extends { close(): Promise<void> }>(create: () => Promise<T>): WhenNeeded<T> {
  let opening: Promise<T> | undefined;
  return {
    get() {
      opening ??= create().catch((thrown: unknown) => {
        opening = undefined;
        throw thrown;
      });
      return opening;
    },
    async close() {
      await (await opening)?.close();
    },
  };
}
