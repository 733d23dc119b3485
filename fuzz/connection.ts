import { connect, type Socket } from 'node:net';
import type { FuzzAnswer } from './answers.js';
import type { FuzzRequest } from './messages.js';

/** A connection of bare bytes, one request at a time; opened anew where the last one left it unusable. */
export class Connection {
  readonly #port: number;
  readonly #hangMs: number;
  #socket: Socket | undefined;

  /** @param hangMs after so long without an answer it is given up */
  constructor(port: number, hangMs: number) {
    this.#port = port;
    this.#hangMs = hangMs;
  }

  /**
   * @returns the answer; `null` where the service closed the connection without one, or the client left before it
   * came. @throws Error when nothing comes.
   */
  async ask(request: FuzzRequest): Promise<FuzzAnswer | null> {
    const socket = this.#socket ?? connect(this.#port, '127.0.0.1');
    this.#socket = socket;
    const isHead = request.bytes.toString('latin1', 0, 5) === 'HEAD ';
    const answer = await this.#exchange(socket, request, isHead);
    // Whatever a broken request leaves behind would be taken for the beginning of the next one.
    const mayStay =
      answer?.keepsOpen && !request.isCut && request.leavesAfterMs === null && request.kind !== 'headers';
    if (!mayStay) this.close();
    return answer;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #exchange(
    socket: Socket,
    { bytes, isCut, leavesAfterMs }: FuzzRequest,
    isHead: boolean,
  ): Promise<ParsedAnswer | null> {
    return new Promise((resolve, reject) => {
      let received: Buffer = Buffer.alloc(0);
      const timer = setTimeout(() => {
        this.close();
        end(() => reject(new Error(`no answer within ${this.#hangMs} ms`)));
      }, this.#hangMs);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        socket.removeAllListeners().on('error', () => {});
        settle();
      };
      const onData = (chunk: Buffer): void => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const answer = parseAnswer(received, isHead);
        if (answer) end(() => resolve(answer));
      };
      // A reset may come where the service has answered and we still send: what came before it counts.
      const onGone = (): void => {
        this.#socket = undefined;
        end(() => resolve(parseAnswer(received, isHead)));
      };
      socket
        .removeAllListeners()
        .on('data', onData)
        .on('end', onGone)
        .on('close', onGone)
        .on('error', onGone);
      socket.write(bytes);
      if (isCut) socket.end();
      if (leavesAfterMs !== null) setTimeout(() => end(() => resolve(null)), leavesAfterMs);
    });
  }
}

interface ParsedAnswer extends FuzzAnswer {
  readonly keepsOpen: boolean;
}

/** @returns `null` while the answer is not whole. Interim answers (1xx) are passed over. */
function parseAnswer(bytes: Buffer, isHead: boolean): ParsedAnswer | null {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return null;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  if (status >= 100 && status < 200) return parseAnswer(bytes.subarray(headEnd + 4), isHead);
  const field = (name: string): string => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1] ?? '';
  const length = isHead || status === 204 || status === 304 ? 0 : Number(field('content-length'));
  const body = bytes.subarray(headEnd + 4, headEnd + 4 + length);
  if (body.length < length) return null;
  return {
    status,
    contentType: field('content-type'),
    body,
    keepsOpen: field('connection') === 'keep-alive',
  };
}
