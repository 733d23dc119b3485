import { MnistClientError } from './client-error.js';
import { isRefusal, type Answer, type TransportRequest, type TransportSettings } from './messages.js';
import { fetchFollowing } from './redirects.js';
import { retryDelayMs, sleep, type RetryPolicy } from './retry.js';
import { inProtocol } from './server-address.js';

/**
 * Sends one request, again where the server or a proxy before it cannot answer at the moment or the connection failed:
 * only for requests that may be repeated safely.
 * @throws MnistClientError `unreachable`, `timeout` or `moved`; the signal's reason when aborted.
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
    if (!failed && !isTemporary(outcome)) return outcome;
    const retryAfter = failed ? null : outcome.retryAfter;
    const delayMs = retryDelayMs(policy, attempt, retryAfter, Date.now(), Math.random());
    if (delayMs !== null) await sleep(delayMs, signal);
    else if (failed) throw outcome;
    else return outcome;
  }
}

/** A 504 of the server itself is final: it worked on the request for as long as it may, and would again. */
function isTemporary({ status, body }: Answer): boolean {
  return status === 429 || status === 502 || status === 503 || (status === 504 && !isRefusal(body));
}

/**
 * Sends one request, once.
 * @throws MnistClientError `unreachable`, `timeout` or `moved`; the signal's reason when aborted.
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
    const response = await fetchFollowing(url, init, settings, controller.signal);
    const text = await response.text();
    return {
      status: response.status,
      text,
      body: parseJson(text),
      retryAfter: response.headers.get('retry-after'),
    };
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof MnistClientError) throw cause;
    if (timedOut) {
      const message = `The server at ${server} did not answer within ${timeoutMs} ms.`;
      throw new MnistClientError('timeout', message, { cause });
    }
    throw new MnistClientError('unreachable', describeFailure(cause, server), { cause });
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

/** What OpenSSL says of an answer in plain HTTP. */
const ANSWERED_IN_HTTP = /wrong.version.number|packet.length.too.long/i;
/** What a port for https does to a request in plain HTTP; so does a server that ends. */
const CLOSED = /other side closed|ECONNRESET/;

function describeFailure(thrown: unknown, server: string): string {
  const reason = reasonOf(thrown);
  if (ANSWERED_IN_HTTP.test(reason)) {
    return (
      `Cannot reach the server at ${server}: that port speaks http, not https. Give ` +
      `${inProtocol(server, 'http:')}.`
    );
  }
  const advice =
    CLOSED.test(reason) && server.startsWith('http:')
      ? `It closed the connection without an answer. If that port speaks https, give ${inProtocol(server, 'https:')}.`
      : 'Start one with npm start or inkdigit serve, or give the address of another.';
  return `Cannot reach the server at ${server} (${reason}). ${advice}`;
}

/** fetch throws a TypeError that hides the reason (`fetch failed`, `terminated`) in its cause. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  if (!(cause instanceof Error)) return thrown.message;
  return cause.message || ('code' in cause ? String(cause.code) : thrown.message);
}
