import { once } from 'node:events';
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import { InkdigitError, type ErrorCode } from '../../errors.js';
import { connectionEvent, isTls, isTlsFault } from './connection-event.js';
import { errorBody, inferErrorBody, RETRY_AFTER_SECONDS } from './error-handler.js';
import { statusOf } from './error-table.js';
import type { OpenRequests } from './open-requests.js';

export interface ConnectionErrorsDeps {
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Connections that the process may have at once. */
  readonly maxConnections: number;
  readonly open: OpenRequests;
  readonly log: () => FastifyBaseLogger;
  /** Called with the code of each answer. */
  readonly onAnswered?: ((code: ErrorCode) => void) | undefined;
}

/**
 * Answers what never becomes a request: what is not even HTTP, requests that never end, CONNECT, and connections beyond
 * those that a process may have.
 */
export class ConnectionErrors {
  readonly #deps: ConnectionErrorsDeps;
  readonly #broken = new WeakSet<Duplex>();
  #connections = 0;

  constructor(deps: ConnectionErrorsDeps) {
    this.#deps = deps;
  }

  /** Takes from Node what it would answer by itself, without a body, or not at all. */
  listen(server: Server): void {
    const { maxConnections } = this.#deps;
    // Not `server.maxConnections`: a connection that one process does not take is handed to the next by
    // `node:cluster`, and where all have too many it goes round for ever.
    server.on(connectionEvent(server), (socket: Duplex) => {
      this.#connections += 1;
      socket.once('close', () => (this.#connections -= 1));
      if (this.#connections > maxConnections) this.#answer(tooManyConnections(maxConnections), socket);
    });
    if (isTls(server)) this.#boundHandshakes(server, 2 * maxConnections);
    // An expectation that is not known may be passed over (RFC 9110, 10.1.1).
    server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
    server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
      socket.on('error', () => socket.destroy());
      this.#answer(new InkdigitError('method_not_allowed', 'This service is no proxy: no CONNECT.'), socket);
    });
  }

  /** Connections that never come to TLS can be told nothing. */
  #boundHandshakes(server: Server, maxSockets: number): void {
    let sockets = 0;
    server.on('connection', (socket) => {
      sockets += 1;
      socket.once('close', () => (sockets -= 1));
      if (sockets > maxSockets) socket.destroy();
    });
  }

  /**
   * Answers a connection whose bytes are no request, or whose request took too long to arrive, and closes it: after the
   * answers to the requests before, which are still due.
   */
  async answerFault({ code }: { code?: string }, socket: Duplex): Promise<void> {
    // No handshake, no answer: plain HTTP to a port of HTTPS is one such. Node has closed the socket already.
    if (isTlsFault(code)) {
      this.#deps.log().info({ code }, 'bad TLS');
      socket.destroy();
      return;
    }
    // Here the client has gone: by a reset, or by ending the connection in the middle of a request.
    if (code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE' || !socket.writable) {
      socket.destroy();
      return;
    }
    // Node goes on to read, and finds the same fault in whatever else arrives.
    if (this.#broken.has(socket)) return;
    this.#broken.add(socket);
    const { open } = this.#deps;
    const due = open.on(socket).findLast(({ request }) => request.complete);
    if (due) await once(due.response, 'close');
    const newest = open.newestOn(socket);
    const isAnswered = newest && !newest.request.complete && newest.response.headersSent;
    if (isAnswered || !socket.writable) socket.destroy();
    else this.#answer(connectionFault(code), socket);
  }

  #answer(error: InkdigitError, socket: Duplex): void {
    const status = statusOf(error.code);
    this.#deps.log().info({ status, code: error.code }, 'bad HTTP');
    this.#deps.onAnswered?.(error.code);
    // What was to be asked is not known: clients of either kind find what they read.
    const body = JSON.stringify({ ...errorBody(error), ...inferErrorBody(error) });
    const headers = Object.entries({
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      ...this.#deps.headers,
      ...(status === 405 && { allow: 'GET, HEAD, OPTIONS, POST' }),
      ...(status === 503 && { 'retry-after': RETRY_AFTER_SECONDS }),
      connection: 'close',
    });
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n${body}`);
  }
}

function tooManyConnections(maxConnections: number): InkdigitError {
  return new InkdigitError(
    'overloaded',
    `The service has as many connections as it may (${maxConnections} in each process); try again soon, and keep ` +
      'connections open.',
  );
}

function connectionFault(code: string | undefined): InkdigitError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new InkdigitError('headers_too_large', "The request's headers are too large: at most 16 KiB.");
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new InkdigitError('request_timeout', 'The request took too long to arrive.');
  }
  return new InkdigitError('invalid_request', 'This is not a valid HTTP/1.1 request.');
}
