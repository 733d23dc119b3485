import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LIVE_HEADER, RequestLog, type RequestLogSettings } from '../../../src/server/log/request-log.js';
import { buildTestApp } from '../../helpers/programs/test-app.js';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

function build(settings: RequestLogSettings): {
  app: FastifyInstance;
  lines: () => Record<string, unknown>[];
} {
  const lines: string[] = [];
  const log = new RequestLog(settings);
  const app = fastify({ logger: { stream: { write: (line) => void lines.push(line) } }, logController: log });
  log.prepare(app);
  app.get('/', async () => 'good');
  app.get('/wrong', async (_request, reply) => reply.code(400).send('wrong'));
  apps.push(app);
  return { app, lines: () => lines.map((line): Record<string, unknown> => JSON.parse(line)) };
}

describe('RequestLog', () => {
  it('has one line a request, with who sent it', async () => {
    const { app, lines } = build({});
    await app.inject({ url: '/?secret=1', remoteAddress: '192.0.2.1' });
    expect(lines()).toMatchObject([
      { method: 'GET', path: '/', address: '192.0.2.1', status: 200, images: 0, msg: 'request' },
    ]);
    expect(lines()[0]).not.toHaveProperty('sample');
    expect(lines()[0]).not.toHaveProperty('trace_id');
  });

  it('names who sent a request that was given up, when the connection is closed already', async () => {
    const lines: Record<string, unknown>[] = [];
    const stream = { write: (line: string): void => void lines.push(JSON.parse(line)) };
    const app = await buildTestApp({ logger: { level: 'info', stream } });
    apps.push(app);
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const asked = once(app.server, 'request');
    socket.write(
      'POST /mnist/classify HTTP/1.1\r\nhost: a\r\ncontent-type: image/png\r\ncontent-length: 9\r\n\r\nletters',
    );
    await asked;
    socket.resetAndDestroy();
    await vi.waitFor(() => {
      expect(lines).toContainEqual(
        expect.objectContaining({ msg: 'request aborted by the client', address: '127.0.0.1' }),
      );
    });
  });

  it('has of what went well a share, named in the line, and every error', async () => {
    const random = vi.fn(() => 0.009);
    const { app, lines } = build({ sample: 0.01, random });
    await app.inject('/');
    random.mockReturnValue(0.01);
    await app.inject('/');
    await app.inject('/wrong');
    expect(lines().map(({ status, sample }) => [status, sample])).toEqual([
      [200, 0.01],
      [400, undefined],
    ]);
  });

  it('has one line a second for what the page asks while someone draws, and every error of it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { app, lines } = build({});
    const headers = { [LIVE_HEADER]: '1' };
    for (let i = 0; i < 5; i++) await app.inject({ url: '/', headers });
    await app.inject({ url: '/wrong', headers });
    expect(lines()).toMatchObject([{ status: 400, msg: 'request' }]);
    vi.advanceTimersByTime(1000);
    await app.inject({ url: '/', headers });
    await app.close();
    expect(lines().slice(1)).toMatchObject([
      { count: 5, maxMs: expect.any(Number), msg: 'requests while drawing' },
      { count: 1, msg: 'requests while drawing' },
    ]);
  });
});
