import { MnistClientError } from './client-error.js';
import type { TransportSettings } from './messages.js';
import type { RetryPolicy } from './retry.js';
import { parseServer } from './server-address.js';

export interface MnistClientOptions {
  /**
   * Where the server is; `http://127.0.0.1:8000/` by default. A path is kept: `https://example.org/digits/`. One with a
   * user or a password is refused.
   */
  readonly server?: string | URL;
  /** For a server that asks for a key. */
  readonly apiKey?: string | undefined;
  /** For one answer, retries not counted, in milliseconds; 30,000 by default. */
  readonly timeoutMs?: number;
  /**
   * How often a request is repeated when the server says 429 or 503, a proxy 502 or 504, or neither can be reached; 3
   * by default.
   */
  readonly retries?: number;
  /** The wait before the first retry, in milliseconds, 200 by default; it doubles each time. */
  readonly retryDelayMs?: number;
  /** No wait is longer, in milliseconds; 10,000 by default. A server that asks for a longer one is not asked again. */
  readonly maxRetryDelayMs?: number;
  /** Images in one request, 64 by default. Where the server takes fewer, smaller requests are sent. */
  readonly maxBatch?: number;
  /** Requests in flight at once, at most 256; 2 by default. */
  readonly concurrency?: number;
  readonly fetch?: typeof fetch;
}

/** Longer ones do not fit into a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The options with every default filled in. */
export interface ClientSettings {
  readonly server: URL;
  readonly transport: TransportSettings;
  readonly retryPolicy: RetryPolicy;
  readonly maxBatch: number;
  readonly concurrency: number;
}

/** @throws MnistClientError `invalid_option` that says what was expected and what came. */
export function resolveOptions(options: MnistClientOptions): ClientSettings {
  const server = parseServer(options.server ?? 'http://127.0.0.1:8000/');
  return {
    server,
    transport: {
      // Looked up at each call, as a method: browsers refuse a fetch that was taken off the window.
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      server: server.href,
      headers: headersOf(options.apiKey),
      timeoutMs: wholeNumber('timeoutMs', options.timeoutMs ?? 30_000, 1, MAX_TIMER_MS),
    },
    retryPolicy: {
      retries: wholeNumber('retries', options.retries ?? 3, 0),
      firstDelayMs: wholeNumber('retryDelayMs', options.retryDelayMs ?? 200, 0, MAX_TIMER_MS),
      maxDelayMs: wholeNumber('maxRetryDelayMs', options.maxRetryDelayMs ?? 10_000, 0, MAX_TIMER_MS),
    },
    maxBatch: wholeNumber('maxBatch', options.maxBatch ?? 64, 1),
    concurrency: wholeNumber('concurrency', options.concurrency ?? 2, 1, 256),
  };
}

/** @throws MnistClientError without the key: errors end up in logs. */
function headersOf(apiKey: string | undefined): Readonly<Record<string, string>> {
  if (apiKey === undefined) return {};
  if (/^[\x21-\x7e]+$/.test(apiKey)) return { authorization: `Bearer ${apiKey}` };
  throw new MnistClientError('invalid_option', 'Expected apiKey to be ASCII characters without spaces.');
}

function wholeNumber(name: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new MnistClientError(
    'invalid_option',
    `Expected ${name} to be a whole number ${range}, got ${value}.`,
  );
}
