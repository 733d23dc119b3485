import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import { InkdigitError } from '../errors.js';
import { errorBody } from './error-handler.js';
import { statusOf } from './error-table.js';

/** Answers what never becomes a request: what is not even HTTP, requests that never end, and CONNECT. */
export class RawAnswers {
  readonly #headers: Readonly<Record<string, string>>;
  readonly #log: () => FastifyBaseLogger;

  /** @param headers of every answer */
  constructor(headers: Readonly<Record<string, string>>, log: () => FastifyBaseLogger) {
    this.#headers = headers;
    this.#log = log;
  }

  /** Takes from Node what it would answer by itself, without a body, or not at all. */
  listen(server: Server): void {
    // An expectation that is not known may be passed over (RFC 9110, 10.1.1).
    server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
    server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
      socket.on('error', () => socket.destroy());
      this.#answer(new InkdigitError('method_not_allowed', 'This service is no proxy: no CONNECT.'), socket);
    });
  }

  /** Answers a connection whose bytes are no request, or whose request took too long to arrive. */
  answerFault({ code }: { code?: string }, socket: Duplex): void {
    // Here the client has gone: by a reset, or by ending the connection in the middle of a request.
    if (code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE' || !socket.writable) {
      socket.destroy();
      return;
    }
    this.#answer(connectionFault(code), socket);
  }

  #answer(error: InkdigitError, socket: Duplex): void {
    const status = statusOf(error.code);
    this.#log().info({ status, code: error.code }, 'bad HTTP');
    const body = JSON.stringify(errorBody(error));
    const headers = Object.entries({
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      ...this.#headers,
      ...(status === 405 && { allow: 'GET, HEAD, OPTIONS, POST' }),
      connection: 'close',
    });
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n${body}`);
  }
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
