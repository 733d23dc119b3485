import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Of Node's HTTP parser: functions under numbers, one of which takes bodies. */
type Parser = Record<string, unknown>;

/** The name of that function in Node's `_http_common.js`. */
const TAKES_BODIES = 'parserOnBody';

/** Where a parser has the function, and the function itself, which all parsers of a process share. */
interface BodySlot {
  readonly key: string;
  readonly takeBody: unknown;
}

/**
 * Node hands every piece of a body to JavaScript in memory of its own, even where nobody will read it: of what it takes to refuse a request of
 * 40 kB, that is about two fifths. A parser without the function that takes bodies passes over them. Node does not document where
 * that function is; where it is not found, bodies are read and dropped.
 */
export class UnreadBodies {
  #slot: BodySlot | undefined;
  /**
   * Of connections that had a body passed over. When Node takes a parser off its connection, the parser is put right: whatever connection
   * of the process comes next uses it again.
   */
  readonly #parsers = new WeakMap<Duplex, Parser>();

  /** Hears when Node takes parsers off connections that do not end: at a CONNECT. The server has to answer those itself. */
  listen(server: Server): void {
    server.on('connect', (_request, socket) => this.#putRight(socket));
  }

  /** Has the body of a request passed over that is answered already. */
  passOver(request: IncomingMessage): void {
    const parser = parserOf(request);
    if (!parser) return;
    const slot = (this.#slot ??= findSlot(parser));
    if (!slot) return;
    parser[slot.key] = null;
    const { socket } = request;
    if (this.#parsers.has(socket)) return;
    this.#parsers.set(socket, parser);
    socket.once('close', () => this.#putRight(socket));
  }

  /** Has the body of a request read, whatever became of the one before on its connection. */
  read(request: IncomingMessage): void {
    const slot = this.#slot;
    const parser = slot && parserOf(request);
    if (parser && parser[slot.key] === null) parser[slot.key] = slot.takeBody;
  }

  #putRight(socket: Duplex): void {
    const parser = this.#parsers.get(socket);
    this.#parsers.delete(socket);
    if (parser && this.#slot) parser[this.#slot.key] = this.#slot.takeBody;
  }
}

function parserOf({ socket }: IncomingMessage): Parser | undefined {
  const parser: unknown = 'parser' in socket ? socket.parser : undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever it is, only its own functions are looked at
  return typeof parser === 'object' && parser !== null ? (parser as Parser) : undefined;
}

function findSlot(parser: Parser): BodySlot | undefined {
  for (const [key, takeBody] of Object.entries(parser)) {
    if (typeof takeBody === 'function' && takeBody.name === TAKES_BODIES) return { key, takeBody };
  }
  return undefined;
}
