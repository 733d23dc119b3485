import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a request asks for. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
}

/** The bytes of a whole answer that keeps its connection; nothing for a request that is to go Node's way. */
export type AnswerBytes = (head: RequestHead) => Uint8Array | undefined;

/** Node's HTTP parser of one connection: beside what is named here, functions under numbers that it calls with what it finds. */
interface Parser {
  /** The request that Node made last. */
  incoming?: unknown;
  [key: string]: unknown;
}

/** What a parser finds at the end of a head. Headers and URL are missing where they came in pieces. */
type Head = [
  versionMajor: number,
  versionMinor: number,
  rawHeaders: readonly string[] | undefined,
  method: number,
  url: string | undefined,
  statusCode: unknown,
  statusMessage: unknown,
  upgrades: boolean,
  keepsAlive: boolean,
];
type TakeHead = (this: Parser, ...head: Head) => unknown;

/** Where parsers have a function, and Node's own, which all parsers of a process share. */
interface Slot<Take> {
  readonly key: string;
  readonly take: Take;
}

/** The functions by their names in Node's `_http_common.js`: what makes a request of a head, and what gives it a piece of its body. */
interface Slots {
  readonly parserOnHeadersComplete: Slot<TakeHead>;
  readonly parserOnBody: Slot<unknown>;
}

/**
 * Node has more to do for these than to answer: to say that the body may come, to change the protocol, to put trailers away
 * (left in the parser they would be headers of the next request).
 */
const NODES_OWN_HEADERS = /^(?:expect|upgrade|transfer-encoding)$/i;

/** What a parser's function for heads returns where there may be a body. */
const BODY_FOLLOWS = 0;

/**
 * Ways past Node's HTTP server, for requests that are refused. Node does not document what they use, so where it is not
 * found as it is known, nothing is changed: bodies are read and dropped, and requests go Node's way.
 *
 * - Node hands every piece of a body to JavaScript in memory of its own, even where nobody will read it: of what it takes to
 *   refuse a request of 40 kB, that is about two fifths. A parser without the function for bodies passes over them.
 * - Request and response, their events and their headers are half of the rest. What is answered by bytes made beforehand gets
 *   none of them: the function for heads is one of ours, which calls Node's for all else.
 */
export class HttpShortcuts {
  #slots: Slots | undefined;
  /** Of the open connections. */
  readonly #parsers = new WeakMap<Duplex, Parser>();
  /** Names of the numbers that parsers have for methods, as Node told them. */
  readonly #methods = new Map<number, string>();

  /**
   * Asks `answerBytes` for an answer where a request can be answered at once, before Node makes anything of it: on a
   * connection that stays, on which Node has answered one before, and which has nothing else to answer.
   * Parsers that Node takes off connections that do not end, at a CONNECT, are put right: the server has to answer those itself.
   */
  listen(server: Server, answerBytes: AnswerBytes): void {
    server.on('connect', (_request, socket) => this.#putRight(socket));
    // Node has heard of the connection before, and gave it a parser.
    server.on('connection', (socket) => {
      const parser = parserOf(socket);
      const slots = parser && (this.#slots ??= findSlots(parser));
      if (!parser || !slots) return;
      this.#parsers.set(socket, parser);
      // Node has taken the parser off by then, for whatever connection of the process comes next.
      socket.once('close', () => this.#putRight(socket));
      const { key, take } = slots.parserOnHeadersComplete;
      parser[key] = (...head: Head): unknown => {
        if (this.#answer(socket, parser, head, answerBytes)) return BODY_FOLLOWS;
        const taken = take.apply(parser, head);
        this.#learnMethod(head, parser);
        return taken;
      };
    });
  }

  /** @returns whether it answered the request. */
  #answer(socket: Socket, parser: Parser, head: Head, answerBytes: AnswerBytes): boolean {
    const [major, minor, rawHeaders, method, url, , , upgrades, keepsAlive] = head;
    if (major !== 1 || minor !== 1 || upgrades || !keepsAlive || !isAtRest(socket)) return false;
    if (!this.#slots || !rawHeaders || isNodes(rawHeaders)) return false;
    const bytes = answerBytes({ method: this.#methods.get(method), url, rawHeaders });
    if (!bytes) return false;
    parser[this.#slots.parserOnBody.key] = null;
    socket.write(bytes);
    return true;
  }

  /** From the request that Node has just made of a head. */
  #learnMethod([, , , method]: Head, { incoming }: Parser): void {
    if (this.#methods.has(method) || typeof incoming !== 'object' || incoming === null) return;
    const name: unknown = Reflect.get(incoming, 'method');
    if (typeof name === 'string') this.#methods.set(method, name);
  }

  /** Has the body of a request passed over that is answered already. */
  passOver({ socket }: IncomingMessage): void {
    this.#setBodies(socket, null);
  }

  /** Has the body of a request read, whatever became of the one before on its connection. */
  read({ socket }: IncomingMessage): void {
    this.#setBodies(socket, this.#slots?.parserOnBody.take);
  }

  #setBodies(socket: Duplex, take: unknown): void {
    const parser = this.#parsers.get(socket);
    if (parser && this.#slots) parser[this.#slots.parserOnBody.key] = take;
  }

  #putRight(socket: Duplex): void {
    const parser = this.#parsers.get(socket);
    this.#parsers.delete(socket);
    if (!parser || !this.#slots) return;
    for (const { key, take } of Object.values<Slot<unknown>>({ ...this.#slots })) parser[key] = take;
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

/** Whether one of the headers is Node's own business. */
function isNodes(rawHeaders: readonly string[]): boolean {
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

/** @returns nothing unless both are there: ours would hide Node's under another name. */
function findSlots(parser: Parser): Slots | undefined {
  const parserOnHeadersComplete = findSlot<TakeHead>(parser, 'parserOnHeadersComplete');
  const parserOnBody = findSlot(parser, 'parserOnBody');
  return parserOnHeadersComplete && parserOnBody && { parserOnHeadersComplete, parserOnBody };
}

function findSlot<Take>(parser: Parser, name: keyof Slots): Slot<Take> | undefined {
  for (const [key, take] of Object.entries(parser)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- known by its name, and called as Node would
    if (typeof take === 'function' && take.name === name) return { key, take: take as Take };
  }
  return undefined;
}
