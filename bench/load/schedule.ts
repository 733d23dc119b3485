/** When the requests of an open loop are due: evenly, whatever becomes of the ones before. */
export interface Schedule {
  readonly perSecond: number;
  /** Requests in all. */
  readonly count: number;
}

export function scheduleOf(perSecond: number, durationMs: number): Schedule {
  return { perSecond, count: Math.max(1, Math.round((perSecond * durationMs) / 1000)) };
}

/** @returns milliseconds from the start at which request `index`, 0 … count-1, is due */
export function dueMs({ perSecond }: Schedule, index: number): number {
  return (index * 1000) / perSecond;
}

/** @returns how many requests are due by then */
export function dueBy(schedule: Schedule, elapsedMs: number): number {
  if (elapsedMs < 0) return 0;
  // Rounding may put a request just past its own time.
  const passed = Math.floor((elapsedMs * schedule.perSecond) / 1000 + 1e-9) + 1;
  return Math.min(schedule.count, passed);
}
