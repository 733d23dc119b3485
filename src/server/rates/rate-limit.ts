/** How many images each caller may send in a window of time, which begins with the first of them. */
export interface RateLimit {
  readonly images: number;
  readonly seconds: number;
}

/** Windows by the names that options and headers have for them, in seconds. */
const WINDOWS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, day: 86_400 };

const NAMES: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour', 86_400: 'day' };

/**
 * Reads `100/s,100000/day`.
 * @returns undefined where it is something else
 */
export function parseRateLimits(text: string): readonly RateLimit[] | undefined {
  const limits = text.split(',').map((part): RateLimit | undefined => {
    const [, images = '', unit = ''] = /^\s*([1-9]\d{0,11})\/(s|min|h|day)\s*$/.exec(part) ?? [];
    const seconds = WINDOWS[unit];
    return seconds === undefined ? undefined : { images: Number(images), seconds };
  });
  const known = limits.filter((limit) => limit !== undefined);
  const windows = new Set(known.map(({ seconds }) => seconds));
  return windows.size === limits.length ? known : undefined;
}

/** As `parseRateLimits` reads them. */
export function showRateLimits(limits: readonly RateLimit[]): string {
  const unitOf = new Map(Object.entries(WINDOWS).map(([unit, seconds]) => [seconds, unit]));
  return limits.map(({ images, seconds }) => `${images}/${unitOf.get(seconds) ?? ''}`).join(',');
}

/** For people and headers: `second`, `minute`, `hour` or `day`. */
export function nameOf({ seconds }: RateLimit): string {
  return NAMES[seconds] ?? `${seconds} seconds`;
}
