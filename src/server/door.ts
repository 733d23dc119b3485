import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import type { InkdigitError } from '../errors.js';
import { CLASSIFY_PATH } from './classify-route.js';
import { errorBody, RETRY_AFTER_SECONDS } from './error-handler.js';
import { statusOf } from './error-table.js';
import { UnreadBodies } from './unread-bodies.js';

type Headers = Readonly<Record<string, string>>;

export interface DoorDeps {
  /** Whether requests to classify are to be refused without a look at them. */
  readonly isFull: () => boolean;
  /** Whether each answer closes its connection. */
  readonly isClosing: () => boolean;
  /** What those who come while it is full are told. */
  readonly refusal: InkdigitError;
  /** Of every answer. */
  readonly headers: Headers;
  /** Of the answer to this request. */
  readonly headersFor: (request: IncomingMessage) => Headers;
  readonly log: () => FastifyBaseLogger;
}

const REPORT_EVERY_MS = 1000;

/**
 * Stands before the app and refuses requests to classify while there is no room, by an answer that was made beforehand: a
 * service that is asked for ten times what it can do would else spend a good part of its time on refusing. Neither keys nor bodies
 * are looked at, and the log has one line a second that counts the refused.
 */
export class Door {
  readonly #deps: DoorDeps;
  readonly #body: string;
  readonly #headers: Headers;
  readonly #bodies = new UnreadBodies();
  /** Since the last line of the log. */
  #refused = 0;

  constructor(deps: DoorDeps) {
    this.#deps = deps;
    this.#body = JSON.stringify(errorBody(deps.refusal));
    this.#headers = {
      ...deps.headers,
      'retry-after': RETRY_AFTER_SECONDS,
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(this.#body)),
    };
  }

  /** Stands before `serve`. */
  listen(server: Server, serve: RequestListener): void {
    this.#bodies.listen(server);
    server.on('request', (request, response) => {
      if (!this.#refuses(request, response)) serve(request, response);
    });
  }

  /** @returns whether it answered the request. Its body is passed over as it arrives, and the connection can be used again. */
  #refuses(request: IncomingMessage, response: ServerResponse): boolean {
    const { isFull, isClosing, refusal, headersFor } = this.#deps;
    if (!isFull() || !isToClassify(request)) {
      this.#bodies.read(request);
      return false;
    }
    this.#bodies.passOver(request);
    if (isClosing()) response.shouldKeepAlive = false;
    response.writeHead(statusOf(refusal.code), { ...this.#headers, ...headersFor(request) });
    response.end(this.#body);
    if (this.#refused === 0) setTimeout(() => this.report(), REPORT_EVERY_MS).unref();
    this.#refused += 1;
    return true;
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

function isToClassify({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && (url === CLASSIFY_PATH || url.startsWith(`${CLASSIFY_PATH}?`));
}
