import { MnistClientError } from './client-error.js';
import { retryDelayMs, sleep, type RetryPolicy } from './retry.js';

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** The JSON of the body; `undefined` where it is none. */
  readonly body: unknown;
  readonly retryAfter: string | null;
}

/** What is sent. */
export interface TransportRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface TransportSettings {
  readonly fetch: typeof fetch;
  /** The server, for the words of an error. */
  readonly server: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** For one attempt, from its start to the last byte of the answer. */
  readonly timeoutMs: number;
}

/**
 * Sends one request, again where the server said 503 or the connection failed: only for requests that may be
 * repeated safely.
 * @throws MnistClientError `unreachable` or `timeout`; the signal's reason when aborted.
 */
export async function sendWithRetries(
  url: URL,
  init: TransportRequest,
  settings: TransportSettings,
  policy: RetryPolicy,
  signal?: AbortSignal,
): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const outcome = await send(url, init, settings, signal).catch((thrown: unknown) => {
      if (thrown instanceof MnistClientError && thrown.code === 'unreachable') return thrown;
      throw thrown;
    });
    const failed = outcome instanceof MnistClientError;
    if (!failed && outcome.status !== 503) return outcome;
    const retryAfter = failed ? null : outcome.retryAfter;
    const delayMs = retryDelayMs(policy, attempt, retryAfter, Date.now(), Math.random());
    if (delayMs !== null) await sleep(delayMs, signal);
    else if (failed) throw outcome;
    else return outcome;
  }
}

/**
 * Sends one request, once.
 * @throws MnistClientError `unreachable` or `timeout`; the signal's reason when aborted.
 */
export async function send(
  url: URL,
  init: TransportRequest,
  settings: TransportSettings,
  signal?: AbortSignal,
): Promise<Answer> {
  signal?.throwIfAborted();
  const { server, timeoutMs } = settings;
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, timeoutMs);
  try {
    const { fetch } = settings;
    const headers = { ...settings.headers, ...init.headers };
    const response = await fetch(url, { ...init, headers, signal: controller.signal });
    const text = await response.text();
    return {
      status: response.status,
      body: parseJson(text),
      retryAfter: response.headers.get('retry-after'),
    };
  } catch (cause) {
    signal?.throwIfAborted();
    if (timedOut) {
      const message = `The server at ${server} did not answer within ${timeoutMs} ms.`;
      throw new MnistClientError('timeout', message, { cause });
    }
    throw new MnistClientError(
      'unreachable',
      `Cannot reach the server at ${server} (${reasonOf(cause)}). Start one with npm start or inkdigit serve, or give the address of another.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch throws a TypeError that hides the reason (`fetch failed`, `terminated`) in its cause. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  if (!(cause instanceof Error)) return thrown.message;
  return cause.message || ('code' in cause ? String(cause.code) : thrown.message);
}
