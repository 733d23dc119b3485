/** What is made when it is first asked for. */
export interface Once<T> {
  /** After a failure it is made anew. @throws what making it throws */
  value(): Promise<T>;
  /** The same, where it was asked for. */
  ifBegun(): Promise<T | undefined>;
}

/** Makes it once, however often it is asked for. */
export function once<T>(make: () => Promise<T>): Once<T> {
  let making: Promise<T> | undefined;
  return {
    value: () =>
      (making ??= make().catch((thrown: unknown) => {
        making = undefined;
        throw thrown;
      })),
    ifBegun: () => Promise.resolve(making),
  };
}
