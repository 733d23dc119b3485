import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CONTENT_TYPES, formatFor, type ExpositionFormat } from './exposition.js';

/** Scrapes that may be open at once: a few monitors, and no more memory than that. */
const MAX_CONNECTIONS = 64;

const REQUEST_TIMEOUT_MS = 10_000;

/** Answers `GET /metrics` on a port of its own, in the primary: no worker that is busy holds a scrape up. */
export class MetricsServer {
  readonly #server: Server;

  /** @param render the text in a format */
  constructor(render: (format: ExpositionFormat) => string) {
    this.#server = createServer(
      { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: 72_000 },
      (request, response) => answer(request, response, render),
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /**
   * @param port 0 for any that is free
   * @returns the port
   * @throws what the system says where it cannot be had
   */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    // From now on: a connection that cannot be taken is no reason to end the service.
    this.#server.on('error', () => {});
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : port;
  }

  /** Closes the port and whatever is open on it. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function answer(
  { method, url = '', headers }: IncomingMessage,
  response: ServerResponse,
  render: (format: ExpositionFormat) => string,
): void {
  const isRead = method === 'GET' || method === 'HEAD';
  if (url.split('?', 1)[0] !== '/metrics') {
    send(response, 404, 'Expected GET /metrics: there is nothing else on this port.\n', isRead);
  } else if (isRead) {
    const format = formatFor(headers.accept);
    response.setHeader('content-type', CONTENT_TYPES[format]);
    send(response, 200, render(format), method === 'GET');
  } else {
    response.setHeader('allow', 'GET, HEAD');
    send(response, 405, `Expected GET /metrics, got ${method ?? 'no method'}.\n`, true);
  }
}

function send(response: ServerResponse, status: number, text: string, withBody: boolean): void {
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.setHeader('cache-control', 'no-store');
  response.writeHead(status);
  response.end(withBody ? text : undefined);
}
