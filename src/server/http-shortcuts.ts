import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Node's HTTP parser of one connection; beside what is named here it has functions under numbers, one of which takes bodies. */
interface Parser {
  /** Takes a request whose headers have arrived, and makes a response for it. */
  onIncoming?: unknown;
  /** The request whose body is arriving; pieces and end of the body are for it. */
  incoming?: unknown;
  [key: string]: unknown;
}

type TakeRequest = (request: IncomingMessage, keepsAlive: boolean) => unknown;

/** The bytes of a whole answer that keeps its connection; nothing for a request that is to go Node's way. */
export type AnswerBytes = (request: IncomingMessage) => Uint8Array | undefined;

/** The name of the function that takes bodies in Node's `_http_common.js`. */
const TAKES_BODIES = 'parserOnBody';

/** Where a parser has the function, and the function itself, which all parsers of a process share. */
interface BodySlot {
  readonly key: string;
  readonly takeBody: unknown;
}

/**
 * Node has more to do for these than to answer: to say that the body may come, to change the protocol, to put trailers away
 * (left in the parser they would be headers of the next request).
 */
const NODES_OWN_HEADERS = /^(?:expect|upgrade|transfer-encoding)$/i;

/**
 * Ways past Node's HTTP server, for requests that are refused. Node does not document what they use, so whatever of it is
 * not found as it is known is left alone: bodies are read and dropped, and requests go Node's way.
 *
 * - Node hands every piece of a body to JavaScript in memory of its own, even where nobody will read it: of what it takes to
 *   refuse a request of 40 kB, that is about two fifths. A parser without the function that takes bodies passes over them.
 * - A response, its events and its headers are two fifths of the rest. A request that is answered by bytes made beforehand
 *   gets none.
 */
export class HttpShortcuts {
  #slot: BodySlot | undefined;
  /**
   * Of connections that had a body passed over. When Node takes a parser off its connection, the parser is put right: whatever connection
   * of the process comes next uses it again.
   */
  readonly #parsers = new WeakMap<Duplex, Parser>();

  /**
   * Asks `answerBytes` for an answer where a request can be answered at once, before Node makes a response for it: on a
   * connection that stays, has had a body passed over, and has nothing else to answer.
   * Parsers that Node takes off connections that do not end, at a CONNECT, are put right: the server has to answer those itself.
   */
  listen(server: Server, answerBytes: AnswerBytes): void {
    server.on('connect', (_request, socket) => this.#putRight(socket));
    // Node has heard of the connection before; it sets `onIncoming` for each and takes it off with the parser.
    server.on('connection', (socket) => {
      const parser = parserOf(socket);
      if (!parser || typeof parser.onIncoming !== 'function') return;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- called as Node would, and with what Node gives
      const takeRequest = parser.onIncoming as TakeRequest;
      parser.onIncoming = (request: IncomingMessage, keepsAlive: boolean): unknown =>
        this.#answer(request, keepsAlive, answerBytes) ? 0 : takeRequest(request, keepsAlive);
    });
  }

  /** @returns whether it answered the request. */
  #answer(request: IncomingMessage, keepsAlive: boolean, answerBytes: AnswerBytes): boolean {
    const { socket } = request;
    const parser = this.#parsers.get(socket);
    if (!parser || !this.#slot || !isAtRest(socket)) return false;
    if (!keepsAlive || request.httpVersion !== '1.1' || isNodes(request)) return false;
    const bytes = answerBytes(request);
    if (!bytes) return false;
    parser[this.#slot.key] = null;
    // Nobody waits for the end of the body.
    parser.incoming = null;
    socket.write(bytes);
    return true;
  }

  /** Has the body of a request passed over that is answered already. */
  passOver({ socket }: IncomingMessage): void {
    const parser = parserOf(socket);
    if (!parser) return;
    const slot = (this.#slot ??= findSlot(parser));
    if (!slot) return;
    parser[slot.key] = null;
    if (this.#parsers.has(socket)) return;
    this.#parsers.set(socket, parser);
    socket.once('close', () => this.#putRight(socket));
  }

  /** Has the body of a request read, whatever became of the one before on its connection. */
  read({ socket }: IncomingMessage): void {
    const slot = this.#slot;
    const parser = slot && parserOf(socket);
    if (parser && parser[slot.key] === null) parser[slot.key] = slot.takeBody;
  }

  #putRight(socket: Duplex): void {
    const parser = this.#parsers.get(socket);
    this.#parsers.delete(socket);
    if (parser && this.#slot) parser[this.#slot.key] = this.#slot.takeBody;
  }
}

/** What Node sends before the body of a response whose headers are written: status line, headers and an empty line. */
export function headOf(response: ServerResponse): string | undefined {
  const head: unknown = Reflect.get(response, '_header');
  return typeof head === 'string' ? head : undefined;
}

/**
 * Whether there were requests, all are answered and their answers have left. So answers keep the order of their requests,
 * those of a client that does not read them do not pile up, and Node's timer for idle connections runs: it sets it as its
 * answer ends, and what is read or written here winds it up again.
 */
function isAtRest(socket: Socket): boolean {
  const response: unknown = Reflect.get(socket, '_httpMessage');
  return response === null && socket.writable && socket.writableLength === 0;
}

/** Looks at the headers as they came: Node does not parse them before somebody asks for one. */
function isNodes({ rawHeaders }: IncomingMessage): boolean {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (NODES_OWN_HEADERS.test(rawHeaders[i]!)) return true;
  }
  return false;
}

function parserOf(socket: Duplex): Parser | undefined {
  const parser: unknown = Reflect.get(socket, 'parser');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever it is, what is used of it is looked at first
  return typeof parser === 'object' && parser !== null ? (parser as Parser) : undefined;
}

function findSlot(parser: Parser): BodySlot | undefined {
  for (const [key, takeBody] of Object.entries(parser)) {
    if (typeof takeBody === 'function' && takeBody.name === TAKES_BODIES) return { key, takeBody };
  }
  return undefined;
}
