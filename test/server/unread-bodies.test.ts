import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UnreadBodies } from '../../src/server/unread-bodies.js';

// A server that passes over the bodies of POSTs to /refused, and answers others with theirs.

let server: Server;
let port: number;
/** Bytes of bodies that reached JavaScript, of refused requests. */
let given: number;
beforeEach(async () => {
  given = 0;
  const bodies = new UnreadBodies();
  server = createServer((request, response) => {
    if (request.url === '/refused') {
      request.on('data', (piece: Buffer) => (given += piece.length));
      bodies.passOver(request);
      response.writeHead(503, { 'content-length': '2' }).end('no');
      return;
    }
    bodies.read(request);
    void textOf(request).then((text) => response.end(`got ${text}.`));
  });
  bodies.listen(server);
  // Half closed, as the service does it: such a connection lives as long as its client wants it to.
  server.on('connect', (_request, socket) => socket.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function textOf(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of message.setEncoding('utf8')) text += String(piece);
  return text;
}

function post(path: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/**
 * All that comes over a connection after `sent`, until it holds `last`.
 * @param held where the connection is to be kept open, on this side
 */
async function answersTo(sent: string, last: string, held?: Socket[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: held !== undefined }).setEncoding('utf8');
  let text = '';
  socket.on('data', (piece: string) => (text += piece));
  socket.write(sent);
  await vi.waitFor(() => expect(text).toContain(last));
  if (held) held.push(socket);
  else socket.destroy();
  return text;
}

describe('UnreadBodies', () => {
  it('gives no piece of a body that is passed over to JavaScript', async () => {
    await answersTo(post('/refused', 'x'.repeat(100_000)) + post('/read', 'after'), 'got after.');
    expect(given).toBe(0);
  });

  it('has the next bodies read, of the same connection, sent at once or later, and of others', async () => {
    const text = await answersTo(
      post('/refused', 'one') + post('/read', 'two') + post('/refused', 'three') + post('/read', 'four'),
      'got four.',
    );
    expect(text.match(/503|got \w+/g)).toEqual(['503', 'got two', '503', 'got four']);
    expect(await answersTo(post('/read', 'five'), 'got five.')).toContain('200 OK');
    expect(given).toBe(0);
  });

  it.each([
    ['a connection ended half way', post('/refused', 'x'.repeat(100)).slice(0, -50), 'no'],
    [
      'a CONNECT came, and its connection stays',
      `${post('/refused', 'x')}CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n`,
      '405',
    ],
  ])('leaves parsers as they were to whoever uses them next, though %s', async (_how, sent, last) => {
    const held: Socket[] = [];
    for (let i = 0; i < 5; i++) await answersTo(sent, last, last === '405' ? held : undefined);
    // Of the same process, and so with parsers that the first server had, but without what has bodies read again.
    const other = createServer((request, response) => {
      void textOf(request).then((text) => response.end(`other got ${text}.`));
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    port = (other.address() as AddressInfo).port;
    for (let i = 0; i < 5; i++) await answersTo(post('/read', 'six'), 'other got six.');
    other.closeAllConnections();
    other.close();
    for (const socket of held) socket.destroy();
  });

  it('does nothing where the parser is not what it knows', () => {
    const parser = { 3: function somethingElse() {} };
    const once = vi.fn();
    const bodies = new UnreadBodies();
    for (const socket of [{ once }, { once, parser: null }, { once, parser }]) {
      const request = { socket } as unknown as IncomingMessage;
      bodies.passOver(request);
      bodies.read(request);
    }
    expect(once).not.toHaveBeenCalled();
    expect(parser[3]?.name).toBe('somethingElse');
  });
});
