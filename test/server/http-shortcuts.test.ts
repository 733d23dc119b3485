import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HttpShortcuts, type RequestHead } from '../../src/server/http-shortcuts.js';

// A server that passes over the bodies of POSTs to /refused, answers /again at once where it can, and others with their bodies.

const AGAIN = Buffer.from('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 9\r\n\r\nat once.\n');

let server: Server;
let port: number;
/** Bytes of bodies that reached JavaScript, of refused requests. */
let given: number;
/** What could be answered at once. */
let asked: RequestHead[];
/** Answers the requests to /late. */
let answerLate: (() => void)[];
beforeEach(async () => {
  given = 0;
  asked = [];
  answerLate = [];
  const shortcuts = new HttpShortcuts();
  server = createServer((request, response) => {
    if (request.url === '/refused' || request.url === '/again') {
      request.on('data', (piece: Buffer) => (given += piece.length));
      shortcuts.passOver(request);
      response.writeHead(503, { 'content-length': '6' }).end('usual.');
      return;
    }
    shortcuts.read(request);
    if (request.url === '/late') {
      answerLate.push(() => response.end('late.'));
      return;
    }
    void textOf(request).then((text) => response.end(`got ${text}.`));
  });
  shortcuts.listen(server, (head) => {
    asked.push(head);
    return head.url === '/again' || head.url === 'again:1' ? AGAIN : undefined;
  });
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

/** A connection that had one refusal the usual way, and what comes over it from then on. */
async function refused(): Promise<{ socket: Socket; text: () => string }> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let text = '';
  socket.on('data', (piece: string) => (text += piece));
  socket.write(post('/refused', 'x'));
  await vi.waitFor(() => expect(text).toContain('usual.'));
  text = '';
  return { socket, text: () => text };
}

describe('bodies that are passed over', () => {
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
    ['a connection ended half way', post('/refused', 'x'.repeat(100)).slice(0, -50), 'usual.'],
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

  it.each([
    ['there is no parser', undefined],
    ['nobody knows what takes heads', { 3: function parserOnBody() {} }],
    ['nobody knows what takes bodies', { 2: function parserOnHeadersComplete() {} }],
  ])('are read, and no answer is given at once, where %s', (_what, parser) => {
    const before = { ...parser };
    const socket = Object.assign(new EventEmitter(), { parser });
    const emitter = new EventEmitter();
    const shortcuts = new HttpShortcuts();
    shortcuts.listen(emitter as Server, () => AGAIN);
    emitter.emit('connection', socket);
    const request = { socket } as unknown as IncomingMessage;
    shortcuts.passOver(request);
    expect(parser ?? {}).toEqual(before);
    shortcuts.read(request);
    expect(parser ?? {}).toEqual(before);
  });
});

describe('answers at once', () => {
  it('are given one after the other, whole bodies passed over, and the next body is read', async () => {
    const { socket, text } = await refused();
    const large = post('/again', 'x'.repeat(100_000));
    socket.write(post('/read', 'one') + large);
    await vi.waitFor(() => expect(text()).toMatch(/got one\.[^]*usual\./));
    socket.write(large + large + post('/read', 'two'));
    await vi.waitFor(() => expect(text()).toContain('got two.'));
    expect(text().match(/got \w+\.|usual\.|at once\./g)).toEqual([
      'got one.',
      'usual.',
      'at once.',
      'at once.',
      'got two.',
    ]);
    expect(given).toBe(0);
    socket.destroy();
  });

  it('have the body passed over, though the one before was read', async () => {
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const { socket, text } = await refused();
    socket.write(post('/read', 'one'));
    await vi.waitFor(() => expect(text()).toContain('got one.'));
    const { parser } = (await accepted) as unknown as { parser: Record<string, { name?: string } | null> };
    const takesBodies = (): boolean => Object.values(parser).some((part) => part?.name === 'parserOnBody');
    expect(takesBodies()).toBe(true);
    socket.write(post('/again', 'x'));
    await vi.waitFor(() => expect(text()).toContain('at once.'));
    expect(takesBodies()).toBe(false);
    socket.destroy();
  });

  it('are not given on a connection before Node has answered something', async () => {
    expect(await answersTo(post('/again', 'x'), 'usual.')).not.toContain('at once.');
  });

  it('are not given where a connection is to be a tunnel', async () => {
    const { socket, text } = await refused();
    socket.write('CONNECT again:1 HTTP/1.1\r\nHost: a\r\n\r\n');
    await vi.waitFor(() => expect(text()).toMatch(/405|at once\./));
    expect(text()).toContain('405');
    socket.destroy();
  });

  it('are asked for by method, path and headers', async () => {
    const { socket, text } = await refused();
    for (const path of ['/first', '/read?a=b']) {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\r\n`);
      await vi.waitFor(() => expect(text()).toMatch(path === '/first' ? 'got .' : /(got [^]*){2}/));
    }
    socket.write(post('/again', 'x'));
    await vi.waitFor(() => expect(text()).toContain('at once.'));
    expect(asked.slice(-2)).toEqual([
      { method: 'GET', url: '/read?a=b', rawHeaders: ['Host', 'a', 'X-A', 'b'] },
      { method: 'POST', url: '/again', rawHeaders: ['Host', 'a', 'Content-Length', '1'] },
    ]);
    socket.destroy();
  });

  it.each([
    ['asks whether to go on', post('/again', 'x').replace('Host', 'EXPECT: 100-continue\r\nHost')],
    [
      'would change the protocol',
      post('/again', 'x').replace('Host', 'Connection: upgrade\r\nUpgrade: h2c\r\nHost'),
    ],
    [
      'is HTTP/1.0',
      post('/again', 'x').replace('1.1', '1.0').replace('Host', 'Connection: keep-alive\r\nHost'),
    ],
    ['is the last', post('/again', 'x').replace('Host', 'Connection: close\r\nHost')],
    [
      'has more headers than Node gives at once',
      post('/again', 'x').replace('Host', `${'X-A: a\r\n'.repeat(40)}Host`),
    ],
    [
      'may have trailers',
      'POST /again HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Trailer: a\r\n\r\n',
    ],
  ])('are not given where a request %s', async (_what, sent) => {
    const { socket, text } = await refused();
    socket.write(sent);
    await vi.waitFor(() => expect(text()).toMatch(/usual\.|at once\./));
    expect(text()).toContain('usual.');
    if (sent.includes('chunked')) {
      socket.write(post('/read', 'next'));
      await vi.waitFor(() => expect(text()).toContain('got next.'));
    }
    socket.destroy();
  });

  it('do not overtake the answers to earlier requests', async () => {
    const { socket, text } = await refused();
    socket.write(post('/late', '') + post('/again', 'x'));
    await vi.waitFor(() => expect(answerLate).toHaveLength(1));
    socket.write(post('/again', 'x') + post('/read', 'last'));
    // All of it has arrived when another connection is answered.
    await answersTo(post('/read', 'other'), 'got other.');
    expect(text()).toBe('');
    answerLate[0]?.();
    await vi.waitFor(() => expect(text()).toContain('got last.'));
    expect(text().match(/late\.|usual\.|at once\.|got \w+\./g)).toEqual([
      'late.',
      'usual.',
      'usual.',
      'got last.',
    ]);
    socket.destroy();
  });

  it('leave the connection one that is closed when it is idle', async () => {
    server.keepAliveTimeout = 500;
    const { socket, text } = await refused();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(post('/again', 'x'));
    await vi.waitFor(() => expect(text()).toContain('at once.'));
    await closed;
  });
});
