import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { connectionEvent } from './connection-event.js';

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What is going on on a connection. */
interface Connection {
  /** Not answered yet, in the order of arrival; Node sends the answers in that order. */
  readonly open: Set<Exchange>;
  /** Answered or not. */
  newest: Exchange | undefined;
}

/** Follows the open requests of a server: those whose answer has neither left nor lost its connection. */
export class OpenRequests {
  readonly #connections = new WeakMap<Duplex, Connection>();
  #count = 0;
  #onNone: (() => void) | undefined;

  /** Has to be the first to listen, so that it knows the newest request when others hear of it. */
  listen(server: Server): void {
    server.on(connectionEvent(server), (socket: Duplex) => {
      const connection: Connection = { open: new Set(), newest: undefined };
      this.#connections.set(socket, connection);
      socket.once('close', () => {
        // Node tells the answer that is on its turn; those of pipelined requests behind it would never hear of it.
        for (const { response } of connection.open) {
          if (response.socket !== null) continue;
          response.destroy();
          response.emit('close');
        }
      });
    });
    server.on('request', (request, response) => {
      const connection = this.#connections.get(request.socket);
      if (connection) connection.newest = { request, response };
    });
  }

  /** Follows a request that is not answered where it arrives. */
  add(request: IncomingMessage, response: ServerResponse): void {
    const exchange = { request, response };
    const open = this.#connections.get(request.socket)?.open;
    open?.add(exchange);
    this.#count += 1;
    response.once('close', () => {
      open?.delete(exchange);
      this.#count -= 1;
      if (this.#count === 0) this.#onNone?.();
    });
  }

  /** Of a connection, in the order of arrival. */
  on(socket: Duplex): readonly Exchange[] {
    return [...(this.#connections.get(socket)?.open ?? [])];
  }

  /** The newest of a connection, answered or not. */
  newestOn(socket: Duplex): Exchange | undefined {
    return this.#connections.get(socket)?.newest;
  }

  /** Resolves when no request is open. */
  none(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#onNone = resolve));
  }
}
