import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import type { InkdigitError } from '../../errors.js';
import { CLASSIFY_PATH } from './classify-route.js';
import { READ_PATH } from './read-route.js';
import { errorBody, inferErrorBody, RETRY_AFTER_SECONDS } from '../http/error-handler.js';
import { statusOf } from '../http/error-table.js';
import { inferenceRoute } from '../http/inference-paths.js';

type Headers = Readonly<Record<string, string>>;

export interface OverloadGateDeps {
  /** Whether requests to classify are to be refused without a look at them. */
  readonly isFull: () => boolean;
  /** Whether each answer closes its connection. */
  readonly isClosing: () => boolean;
  /** What refused requests are told. */
  readonly refusal: InkdigitError;
  /** Of every answer. */
  readonly headers: Headers;
  /** Of the answer to this request. */
  readonly headersFor: (request: IncomingMessage) => Headers;
  /** A client that does not read its refusal is cut off after so long. */
  readonly responseTimeoutMs: number;
  readonly log: () => FastifyBaseLogger;
  /** Called with each request that is refused: the template of its route, and its URL. */
  readonly onRefused?: ((route: string, url: string) => void) | undefined;
}

/** An answer that is always the same. */
interface Refusal {
  readonly body: string;
  readonly headers: Headers;
}

function refusalOf(content: object, contentType: string, headers: Headers): Refusal {
  const body = JSON.stringify(content);
  return {
    body,
    headers: {
      ...headers,
      'retry-after': RETRY_AFTER_SECONDS,
      'content-type': contentType,
      'content-length': String(Buffer.byteLength(body)),
    },
  };
}

const REPORT_EVERY_MS = 1000;

/**
 * Refuses requests to classify before the app sees them, while there is no room: a service that is asked for ten
 * times what it can do would else spend a good part of its time on refusing. Neither keys nor bodies are looked at,
 * and the log has one line a second that counts the refused.
 */
export class OverloadGate {
  readonly #deps: OverloadGateDeps;
  readonly #refusal: Refusal;
  /** To clients of the Open Inference Protocol. */
  readonly #inferRefusal: Refusal;
  /** Since the last line of the log. */
  #refused = 0;

  constructor(deps: OverloadGateDeps) {
    this.#deps = deps;
    const { refusal, headers } = deps;
    this.#refusal = refusalOf(errorBody(refusal), 'application/json; charset=utf-8', headers);
    this.#inferRefusal = refusalOf(inferErrorBody(refusal), 'application/json', headers);
  }

  /** Hands to `serve` what is not refused. */
  listen(server: Server, serve: RequestListener): void {
    server.on('request', (request, response) => {
      // One that is pipelined behind others has no connection yet, and waits for its turn like any other.
      if (this.#deps.isFull() && routeToClassify(request) && response.socket) this.#refuse(request, response);
      else serve(request, response);
    });
  }

  /** Node reads the body and drops it, and the connection can be used again. */
  #refuse(request: IncomingMessage, response: ServerResponse): void {
    const { isClosing, refusal, headersFor, responseTimeoutMs } = this.#deps;
    if (isClosing()) response.shouldKeepAlive = false;
    const { body, headers } = inferenceRoute(request.url ?? '') ? this.#inferRefusal : this.#refusal;
    response.writeHead(statusOf(refusal.code), { ...headers, ...headersFor(request) });
    response.end(body);
    // Once it has left, Node's time for idle connections takes over.
    if (request.socket.writableLength > 0) request.socket.setTimeout(responseTimeoutMs);
    if (this.#refused === 0) setTimeout(() => this.report(), REPORT_EVERY_MS).unref();
    this.#refused += 1;
    this.#deps.onRefused?.(routeToClassify(request) ?? '', request.url ?? '');
  }

  /** Logs how many were refused since it last did. */
  report(): void {
    if (this.#refused === 0) return;
    const { log, refusal } = this.#deps;
    const { code } = refusal;
    log().info(
      { path: CLASSIFY_PATH, status: statusOf(code), code, count: this.#refused },
      'requests refused',
    );
    this.#refused = 0;
  }
}

/** The template of its route, where that is one of those that classify. */
function routeToClassify({ method, url = '' }: IncomingMessage): string | undefined {
  if (method !== 'POST') return undefined;
  const own = [CLASSIFY_PATH, READ_PATH].find((path) => url === path || url.startsWith(`${path}?`));
  return own ?? inferenceRoute(url);
}
