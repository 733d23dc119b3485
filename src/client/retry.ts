/** When and how often something is tried again. */
export interface RetryPolicy {
  /** Attempts after the first. */
  readonly retries: number;
  /** The wait before the first of them, in milliseconds; it doubles each time. */
  readonly firstDelayMs: number;
  /** No wait is longer. */
  readonly maxDelayMs: number;
}

/**
 * How long to wait before trying again: an exponential back-off of which up to half is random; where the server asked
 * for a wait in `Retry-After` (seconds or a date, RFC 9110, 10.2.3), at least that, and up to half of it or a
 * back-off more. What is random keeps clients that were refused together from coming back together.
 * @param attempt 0 for the first retry.
 * @param random 0..1
 * @returns milliseconds; `null` when trying again makes no sense, because the attempts are used up or the server asks
 * for a longer wait than `maxDelayMs`.
 */
export function retryDelayMs(
  policy: RetryPolicy,
  attempt: number,
  retryAfter: string | null,
  nowMs: number,
  random: number,
): number | null {
  if (attempt >= policy.retries) return null;
  const askedMs = retryAfter === null ? null : parseRetryAfter(retryAfter, nowMs);
  const fullMs = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** attempt);
  if (askedMs === null) return fullMs * (1 - random / 2);
  if (askedMs > policy.maxDelayMs) return null;
  return askedMs + random * Math.min(Math.max(fullMs, askedMs / 2), policy.maxDelayMs - askedMs);
}

/** What a `Retry-After` asks for, in milliseconds from now; `null` where it is neither seconds nor a date. */
export function parseRetryAfter(text: string, nowMs: number): number | null {
  if (/^\s*\d+\s*$/.test(text)) return Number(text) * 1000;
  // An HTTP date begins with the day's name; Date.parse alone takes much that is none.
  const dateMs = /^\s*[A-Za-z]{3},/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs);
}

/** Waits; rejects with the signal's reason when it aborts. */
export async function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
