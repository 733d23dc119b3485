import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { healthCommand } from '../../../src/cli/health/health-command.js';
import { serveCommand } from '../../../src/cli/serve/serve-command.js';
import { makeCertificate } from '../../helpers/surroundings/certificates.js';
import { testIo } from '../test-io.js';

const folder = mkdtempSync(join(tmpdir(), 'inkdigit-health-'));
afterAll(() => rmSync(folder, { recursive: true }));

const servers = new Set<Server>();
afterEach(() => {
  for (const server of servers) server.close().closeAllConnections();
  servers.clear();
});

const ready: RequestListener = ({ url }, response) => {
  response.end(JSON.stringify({ status: url === '/readyz' ? 'ready' : 'live' }));
};

async function listen(server: Server, path?: string): Promise<number> {
  servers.add(server);
  if (path === undefined) server.listen(0, '127.0.0.1');
  else server.listen(path);
  await once(server, 'listening');
  return path === undefined ? (server.address() as AddressInfo).port : 0;
}

async function health(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const io = testIo();
  await healthCommand(serveCommand, io).parseAsync(args, { from: 'user' });
  return { code: io.exitCode ?? 0, out: io.out(), err: io.err() };
}

describe('inkdigit health', () => {
  it('is 0 where the service is ready, in one line', async () => {
    const port = await listen(createServer(ready));
    expect(await health('--port', String(port))).toEqual({
      code: 0,
      out: `inkdigit: the service is ready (http://127.0.0.1:${port}/readyz)\n`,
      err: '',
    });
    const live = await health('--live', '--server', `127.0.0.1:${port}`);
    expect(live).toMatchObject({ code: 0, out: expect.stringContaining('is live') });
  });

  it('keeps the path of a server behind a proxy', async () => {
    const asked: (string | undefined)[] = [];
    const port = await listen(
      createServer((request, response) => response.end(String(asked.push(request.url)))),
    );
    expect(await health('--server', `http://127.0.0.1:${port}/digits`)).toMatchObject({ code: 0 });
    expect(asked).toEqual(['/digits/readyz']);
  });

  it('is 1 where it is not ready, with the reason', async () => {
    const port = await listen(
      createServer((_request, response) =>
        response.writeHead(503).end('{"message":"Not ready: it\\nstops."}'),
      ),
    );
    expect(await health('--port', String(port))).toEqual({
      code: 1,
      out: '',
      err: `inkdigit: http://127.0.0.1:${port}/readyz answers 503: Not ready: it stops.\n`,
    });
  });

  it('is 1 where none listens', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    expect(await health('--port', String(port))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^inkdigit: cannot reach .*ECONNREFUSED.*\n$/),
    });
  });

  it('is 1 where the answer takes too long, or is none', async () => {
    const port = await listen(createServer(() => {}));
    expect(await health('--port', String(port), '--health-timeout-ms', '50')).toMatchObject({
      code: 1,
      err: `inkdigit: http://127.0.0.1:${port}/readyz does not answer within 50 ms\n`,
    });
    const other = createTcpServer((socket) => socket.end('letters\r\n\r\n')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port: otherPort } = other.address() as AddressInfo;
    expect(await health('--port', String(otherPort))).toMatchObject({ code: 1 });
    other.close();
  });

  it('asks a Unix domain socket', async () => {
    const path = join(folder, 'a.sock');
    await listen(createServer(ready), path);
    for (const args of [
      ['--unix-socket', path],
      ['--server', `unix:${path}`],
    ]) {
      expect(await health(...args)).toMatchObject({
        code: 0,
        out: `inkdigit: the service is ready (${path})\n`,
      });
    }
  });

  it('asks by TLS, whatever the name in the certificate', async () => {
    const port = await listen(createTlsServer(makeCertificate(1), ready));
    expect(await health('--port', String(port), '--tls-cert', 'any.pem')).toMatchObject({ code: 0 });
    expect(await health('--port', String(port))).toMatchObject({ code: 1 });
  });

  it('finds the service in the file that inkdigit serve has', async () => {
    const port = await listen(createServer(ready));
    const file = join(folder, 'inkdigit.json');
    writeFileSync(file, JSON.stringify({ port, host: '0.0.0.0', 'max-batch': 8 }));
    expect(await health('--config', file)).toMatchObject({ code: 0 });
    writeFileSync(file, JSON.stringify({ port, 'max-bach': 8 }));
    await expect(health('--config', file)).rejects.toThrow('Did you mean "max-batch"?');
  });

  it('refuses what is no address, and two of them', async () => {
    await expect(health('--unix-socket', '/tmp/a.sock', '--port', '8000')).rejects.toThrow(
      'leave one of them out',
    );
    await expect(health('--server', 'ftp://a')).rejects.toMatchObject({ code: 'invalid_option' });
  });
});
