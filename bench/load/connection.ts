import { connect, type Socket } from 'node:net';
import { ResponseParser, type Answer } from './response-parser.js';

/** What a connection tells of: each request ends with one of the two. */
export interface ConnectionEvents {
  readonly answered: (answer: Answer) => void;
  /** The connection ended before the answer. */
  readonly lost: () => void;
}

/** One is enough: what has arrived is looked through at once, before anything else is read. */
const received = Buffer.allocUnsafe(64 * 1024);

/** A connection with one open request at a time; it connects anew where the server closed it. */
export class Connection {
  readonly #port: number;
  readonly #events: ConnectionEvents;
  readonly #keepsBodies: boolean;
  #socket: Socket | null = null;
  #isWaiting = false;

  constructor(port: number, events: ConnectionEvents, keepsBodies: boolean) {
    this.#port = port;
    this.#events = events;
    this.#keepsBodies = keepsBodies;
  }

  /** Connects, where no connection is open. */
  open(): Socket {
    if (this.#socket) return this.#socket;
    const parser = new ResponseParser((answer) => this.#answered(answer), { keepsBodies: this.#keepsBodies });
    const socket = connect({
      host: '127.0.0.1',
      port: this.#port,
      noDelay: true,
      onread: {
        buffer: received,
        callback: (length) => {
          parser.push(received.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket = socket;
    // Its close follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed(socket));
    return socket;
  }

  send(bytes: Uint8Array): void {
    this.#isWaiting = true;
    this.open().write(bytes);
  }

  close(): void {
    this.#isWaiting = false;
    this.#socket?.destroy();
    this.#socket = null;
  }

  #answered(answer: Answer): void {
    this.#isWaiting = false;
    if (answer.closes) this.close();
    this.#events.answered(answer);
  }

  #closed(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#events.lost();
  }
}
