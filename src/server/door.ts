import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import type { InkdigitError } from '../errors.js';
import { CLASSIFY_PATH } from './classify-route.js';
import { errorBody, RETRY_AFTER_SECONDS } from './error-handler.js';
import { statusOf } from './error-table.js';
import { headOf, HttpShortcuts, type RequestHead } from './http-shortcuts.js';

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
  /** Of the answer to this request; equal ones are the same object. */
  readonly headersFor: (request: RequestHead) => Headers;
  readonly log: () => FastifyBaseLogger;
  /** Milliseconds of any steady clock. */
  readonly now?: (() => number) | undefined;
}

const REPORT_EVERY_MS = 1000;

/** After so long Node writes it anew, with a new Date. */
const REUSE_FOR_MS = 1000;

/** A refusal as Node wrote it. */
interface Written {
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

/**
 * Stands before the app and refuses requests to classify while there is no room, by an answer that was made beforehand: a
 * service that is asked for ten times what it can do would else spend a good part of its time on refusing. Neither keys nor bodies
 * are looked at, and the log has one line a second that counts the refused.
 *
 * Node writes one refusal a second, and the first of each connection; the others are the same bytes again.
 */
export class Door {
  readonly #deps: DoorDeps;
  readonly #body: string;
  readonly #headers: Headers;
  readonly #now: () => number;
  readonly #shortcuts = new HttpShortcuts();
  /** By the headers that not every answer has. */
  readonly #written = new Map<Headers, Written>();
  /** Since the last line of the log. */
  #refused = 0;

  constructor(deps: DoorDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? (() => performance.now());
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
    this.#shortcuts.listen(server, (head) => this.#refuseAgain(head));
    server.on('request', (request, response) => {
      if (this.#refuses(request)) {
        this.#refuse(request, response);
      } else {
        this.#shortcuts.read(request);
        serve(request, response);
      }
    });
  }

  #refuses(request: RequestHead): boolean {
    return this.#deps.isFull() && isToClassify(request);
  }

  /** The body is passed over as it arrives, and the connection can be used again. */
  #refuse(request: IncomingMessage, response: ServerResponse): void {
    const { isClosing, refusal, headersFor } = this.#deps;
    const headers = headersFor(request);
    this.#shortcuts.passOver(request);
    if (isClosing()) response.shouldKeepAlive = false;
    response.writeHead(statusOf(refusal.code), { ...this.#headers, ...headers });
    const head = headOf(response);
    if (head !== undefined && response.shouldKeepAlive) {
      this.#written.set(headers, { atMs: this.#now(), bytes: Buffer.from(head + this.#body) });
    }
    response.end(this.#body);
    this.#count();
  }

  /** @returns the bytes that refuse the request; nothing where it is not refused, or Node has to write them. */
  #refuseAgain(request: RequestHead): Uint8Array | undefined {
    if (!this.#refuses(request) || this.#deps.isClosing()) return undefined;
    const written = this.#written.get(this.#deps.headersFor(request));
    if (!written || this.#now() - written.atMs >= REUSE_FOR_MS) return undefined;
    this.#count();
    return written.bytes;
  }

  #count(): void {
    if (this.#refused === 0) setTimeout(() => this.report(), REPORT_EVERY_MS).unref();
    this.#refused += 1;
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

function isToClassify({ method, url = '' }: RequestHead): boolean {
  return method === 'POST' && (url === CLASSIFY_PATH || url.startsWith(`${CLASSIFY_PATH}?`));
}
