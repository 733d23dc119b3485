/**
 * A signal to the whole process group reaches a program started by npm twice, the second time passed on by npm:
 * what follows this soon is the same wish.
 */
const SAME_WISH_MS = 500;

/** The wish of whoever started the program that it end. */
export interface StopWish {
  /** Resolves at the first SIGTERM or SIGINT: end in good order. */
  readonly asked: Promise<NodeJS.Signals>;
  /** Resolves at one that comes later: end at once. */
  readonly insisted: Promise<void>;
  /** Lets the signals end the process by themselves again. */
  ignore(): void;
}

/**
 * From here on SIGTERM and SIGINT do not end the process by themselves.
 * @param nowMs a clock that only goes forward
 */
export function listenForStop(nowMs = (): number => performance.now()): StopWish {
  let askedMs: number | undefined;
  let insist: () => void;
  let onSignal: (signal: NodeJS.Signals) => void = () => {};
  const insisted = new Promise<void>((resolve) => (insist = resolve));
  const asked = new Promise<NodeJS.Signals>((resolve) => {
    onSignal = (signal) => {
      askedMs ??= nowMs();
      if (nowMs() - askedMs >= SAME_WISH_MS) insist();
      resolve(signal);
    };
  });
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return {
    asked,
    insisted,
    ignore: () => void process.off('SIGTERM', onSignal).off('SIGINT', onSignal),
  };
}
