/**
 * A signal to the whole process group reaches a program started by npm twice, the second time passed on by npm:
 * a second one within this time is the same request.
 */
const SAME_REQUEST_MS = 500;

/** The request of a user, or of a supervisor, that the program end. */
export interface ShutdownSignal {
  /** Resolves at the first SIGTERM or SIGINT: end in good order. */
  readonly requested: Promise<NodeJS.Signals>;
  /** Resolves at one that comes later: end at once. */
  readonly forced: Promise<void>;
  /** Lets the signals end the process by themselves again. */
  ignore(): void;
}

/**
 * From here on SIGTERM and SIGINT do not end the process by themselves.
 * @param nowMs a clock that only goes forward
 */
export function listenForShutdown(nowMs = (): number => performance.now()): ShutdownSignal {
  let requestedMs: number | undefined;
  let force: () => void;
  let onSignal: (signal: NodeJS.Signals) => void = () => {};
  const forced = new Promise<void>((resolve) => (force = resolve));
  const requested = new Promise<NodeJS.Signals>((resolve) => {
    onSignal = (signal) => {
      requestedMs ??= nowMs();
      if (nowMs() - requestedMs >= SAME_REQUEST_MS) force();
      resolve(signal);
    };
  });
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return {
    requested,
    forced,
    ignore: () => void process.off('SIGTERM', onSignal).off('SIGINT', onSignal),
  };
}
