import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { Agent as TlsAgent, request as requestTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeCertificate, writeCertificate } from '../../helpers/surroundings/certificates.js';
import { refusalOf } from '../../helpers/programs/refusal.js';
import { runCli, startCli } from '../../helpers/programs/run-cli.js';
import { endServices, refused, startService, type Service } from '../../helpers/programs/service.js';
import { pngOfDigit } from '../../helpers/programs/test-app.js';
import { writeTinyModel } from '../../helpers/models/tiny-model.js';

let folder: string;
let model: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-edges-'));
  model = writeTinyModel(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(endServices);

/** A service on any free port, unless it is given a socket. */
function start(args: readonly string[]): ReturnType<typeof startService> {
  const where = args.includes('--unix-socket') ? [] : ['--port', '0'];
  return startService([...where, '--model', model, ...args]);
}

function startReady(...args: string[]): Promise<Service> {
  return start(args).ready;
}

async function failure(...args: string[]): Promise<string> {
  const { code, stderr } = await start(args).ended;
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr;
}

interface SentTraces {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[];
  }[];
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Posts a digit. @param options of Node's request: a socket, or an agent of a connection that is kept */
async function classifyBy(ask: typeof request, options: object, digit: number): Promise<Answer> {
  const asked = ask({
    method: 'POST',
    path: '/mnist/classify?normalize=never',
    headers: { 'content-type': 'image/png' },
    ...options,
  });
  asked.end(await pngOfDigit(digit));
  const [response] = await once(asked, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode, text };
}

describe('--drain-ms', () => {
  it('goes on answering, not ready, for so long before the port is closed', async () => {
    const args = ['--workers', '1', '--drain-ms', '2000', '--shutdown-timeout-ms', '60000'];
    const service = await startReady(...args);
    service.child.kill('SIGTERM');
    const stopped = performance.now();
    await vi.waitFor(async () => {
      const response = await fetch(`${service.url}/readyz`);
      expect(response.status).toBe(503);
    });
    // A connection of its own, as one that a load balancer opens before it has asked whether the service is ready.
    const { port } = new URL(service.url);
    expect(await classifyBy(request, { host: '127.0.0.1', port, agent: false }, 4)).toMatchObject({
      status: 200,
    });
    await refused(service.url);
    expect(performance.now() - stopped).toBeGreaterThan(1900);
    expect((await service.ended).code).toBe(0);
  });

  it('is refused where it leaves open requests no time', async () => {
    const line = await refusalOf(['serve', '--drain-ms', '6000', '--shutdown-timeout-ms', '10000']);
    expect(line).toContain('--drain-ms 6000 leaves open requests too little');
  });
});

/** The processes of both workers: asks until each has answered once, as one may take several connections in a row. */
async function bothWorkers(service: Service, ask: () => Promise<unknown>): Promise<ReadonlySet<unknown>> {
  return vi.waitFor(async () => {
    const pids = service.logs().flatMap(({ msg, pid }) => (msg === 'request' ? [pid] : []));
    const workers = new Set(pids);
    if (workers.size < 2) await ask();
    expect(workers.size).toBe(2);
    return workers;
  });
}

describe('--unix-socket', () => {
  it('is where all workers answer, through deaths of them, and is removed at the end', async () => {
    const path = join(folder, 'a.sock');
    const service = await startReady('--unix-socket', path, '--workers', '2');
    expect(statSync(path).mode & 0o777).toBe(0o660);
    const ask = (digit: number): Promise<Answer> =>
      classifyBy(request, { socketPath: path, agent: new Agent() }, digit);
    await Promise.all([1, 2, 3, 4].map(ask));
    const workers = await bothWorkers(service, () => ask(1));
    for (const pid of workers) process.kill(Number(pid), 'SIGKILL');
    await vi.waitFor(() => {
      expect(service.logs().filter(({ msg }) => msg === 'worker replaced')).toHaveLength(2);
    });
    expect(await ask(7)).toMatchObject({ status: 200, text: expect.stringContaining('"class":7') });
    expect(statSync(path).mode & 0o777).toBe(0o660);
    const health = await runCli(['health'], { INKDIGIT_UNIX_SOCKET: path });
    expect(health).toMatchObject({ code: 0, stdout: expect.stringContaining(`ready (${path})`) });
    service.child.kill('SIGTERM');
    const { code, stderr } = await service.ended;
    expect(code).toBe(0);
    expect(stderr).toContain(`curl --unix-socket ${path} -F image=@`);
    expect(existsSync(path)).toBe(false);
  });

  it('is refused beside a TCP port, which it would pass over', async () => {
    const path = join(folder, 'c.sock');
    expect(await failure('--unix-socket', path, '--port', '8000')).toContain('--port was given as well');
    expect(existsSync(path)).toBe(false);
  });

  it('left behind by a service that was killed is taken over; that of one that runs is not', async () => {
    const path = join(folder, 'b.sock');
    const killed = await startReady('--unix-socket', path, '--workers', '1');
    expect(await failure('--unix-socket', path)).toContain('another program listens there');
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(existsSync(path)).toBe(true);
    const service = await startReady('--unix-socket', path, '--workers', '1', '--unix-socket-mode', '600');
    expect(await classifyBy(request, { socketPath: path }, 5)).toMatchObject({ status: 200 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    service.child.kill('SIGTERM');
    await service.ended;
  });
});

describe('--tls-cert, --tls-key', () => {
  const [first, second] = [makeCertificate(1), makeCertificate(2)];

  async function serialOf(port: string): Promise<string> {
    const socket = connectTls({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  }

  it('serve HTTPS with TLS 1.2 at least, and take a new certificate without losing a request', async () => {
    const { certFile, keyFile } = writeCertificate(folder, first);
    const grpc = ['--grpc-port', '0'];
    const service = await startReady('--tls-cert', certFile, '--tls-key', keyFile, '--workers', '2', ...grpc);
    const { grpcPort } = await service.logged(({ msg }) => msg === 'ready');
    const { port } = new URL(service.url);
    const tls = { host: '127.0.0.1', port, rejectUnauthorized: false };
    const agent = new TlsAgent({ keepAlive: true, maxSockets: 1 });
    expect(await serialOf(port)).toBe('01');
    expect(await serialOf(String(grpcPort))).toBe('01');
    expect(await classifyBy(requestTls, { ...tls, agent }, 3)).toMatchObject({ status: 200 });

    // Requests go on while it changes, on kept connections and on new ones.
    const statuses: number[] = [];
    const end = new AbortController();
    const asking = [agent, undefined].map(async (kept) => {
      while (!end.signal.aborted) {
        const options = { ...tls, agent: kept ?? new TlsAgent() };
        statuses.push((await classifyBy(requestTls, options, 1)).status);
      }
    });
    writeFileSync(certFile, second.cert);
    writeFileSync(keyFile, second.key);
    await service.logged(({ msg }) => msg === 'certificate replaced');
    await vi.waitFor(async () => {
      const serials = await Promise.all([port, port, grpcPort, grpcPort].map((one) => serialOf(String(one))));
      expect(new Set(serials)).toEqual(new Set(['02']));
    });
    end.abort();
    await Promise.all(asking);
    expect(statuses.length).toBeGreaterThan(2);
    expect(new Set(statuses)).toEqual(new Set([200]));

    // A worker that comes later has the new one, too.
    const { pid } = await service.logged(({ msg }) => msg === 'request');
    process.kill(Number(pid), 'SIGKILL');
    await service.logged(({ msg }) => msg === 'worker replaced');
    expect(new Set(await Promise.all([1, 2, 3, 4].map(() => serialOf(port))))).toEqual(new Set(['02']));

    const old = connectTls({ ...tls, port: Number(port), maxVersion: 'TLSv1.1', minVersion: 'TLSv1' });
    await expect(once(old, 'secureConnect')).rejects.toThrow();
    await service.logged(({ msg }) => msg === 'bad TLS');
    await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow('fetch failed');
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });

  it('bound connections, answer broken HTTP and end idle ones as without TLS', async () => {
    const { certFile, keyFile } = writeCertificate(folder, first);
    const args = ['--tls-cert', certFile, '--tls-key', keyFile, '--workers', '1', '--max-connections', '1'];
    const service = await startReady(...args);
    const { port } = new URL(service.url);
    const open = async (): Promise<TLSSocket> => {
      const socket = connectTls({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      return socket;
    };
    const read = async (socket: TLSSocket): Promise<string> => {
      let text = '';
      for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
      return text;
    };
    const kept = await open();
    expect(await read(await open())).toMatch(/^HTTP\/1\.1 503 /);
    kept.write('letters\r\n\r\n');
    expect(await read(kept)).toMatch(/^HTTP\/1\.1 400 /);
    const idle = await open();
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
    idle.destroy();
  });

  it('say in one line what is wrong with a file', async () => {
    const { certFile, keyFile } = writeCertificate(folder, first);
    const alone = await refusalOf(['serve', '--tls-cert', certFile]);
    expect(alone).toContain('--tls-cert needs --tls-key beside it');
    writeFileSync(keyFile, second.key);
    const line = await failure('--tls-cert', certFile, '--tls-key', keyFile);
    expect(line).toContain(`The private key ${keyFile} is not that of ${certFile}.`);
  });
});

describe('--config, --print-config', () => {
  it('serve by a file, and tell what holds and why', async () => {
    const file = join(folder, 'inkdigit.json');
    writeFileSync(
      file,
      JSON.stringify({ model, port: 1, workers: 1, 'api-key': ['a-key-of-many-characters'] }),
    );
    const env = { INKDIGIT_CONFIG: file, INKDIGIT_PORT: '0' };
    const edges = [
      '--rate-limit',
      '9/s,100/day',
      '--trust-proxy',
      '10.0.0.0/8',
      '--unix-socket-mode',
      '0600',
    ];
    const printed = await runCli(['serve', '--print-config', '--max-batch', '8', ...edges], env);
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(printed.stdout).toMatch(/^port +0 +variable INKDIGIT_PORT$/m);
    expect(printed.stdout).toMatch(/^workers +1 +file .*inkdigit\.json$/m);
    expect(printed.stdout).toMatch(/^max-batch +8 +option$/m);
    // As they are written, and what holds where nothing is said.
    expect(printed.stdout).toMatch(/^rate-limit +"9\/s,100\/day" +option$/m);
    expect(printed.stdout).toMatch(/^trust-proxy +"10\.0\.0\.0\/8" +option$/m);
    expect(printed.stdout).toMatch(/^unix-socket-mode +"600" +option$/m);
    expect(printed.stdout).toMatch(/^golden-accuracy +0\.9 +default$/m);
    expect(printed.stdout).toMatch(/^host +"127\.0\.0\.1" +default$/m);
    expect(printed.stdout).toMatch(/^api-key +hidden \(1\) +file .*inkdigit\.json$/m);
    expect(printed.stdout).not.toContain('a-key-of');
    const service = await startService([], env).ready;
    expect((await fetch(`${service.url}/model`)).status).toBe(401);
    const headers = { 'x-api-key': 'a-key-of-many-characters' };
    expect((await fetch(`${service.url}/model`, { headers })).status).toBe(200);
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  });
});

describe('--rate-limit', () => {
  it('holds for all workers together, and through their deaths', async () => {
    const service = await startReady('--workers', '2', '--rate-limit', '6/h');
    const { port } = new URL(service.url);
    const ask = async (): Promise<number> => {
      const options = { host: '127.0.0.1', port, agent: new Agent() };
      return (await classifyBy(request, options, 1)).status;
    };
    const statuses = await Promise.all(Array.from({ length: 10 }, ask));
    expect(statuses.toSorted()).toEqual([200, 200, 200, 200, 200, 200, 429, 429, 429, 429]);
    const workers = await bothWorkers(service, ask);
    for (const pid of workers) process.kill(Number(pid), 'SIGKILL');
    await vi.waitFor(() => {
      expect(service.logs().filter(({ msg }) => msg === 'worker replaced')).toHaveLength(2);
    });
    expect(await ask()).toBe(429);
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });
});

describe('--log-format pretty', () => {
  it('writes lines for people', async () => {
    const args = ['serve', '--port', '0', '--model', model, '--workers', '1', '--log-format', 'pretty'];
    const run = startCli(args);
    run.signalAfter('inkdigit is ready', 'SIGTERM');
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info {2}ready {2}host=127\.0\.0\.1 port=\d+ workers=1 /m);
    expect(stdout).toMatch(/ info {2}shut down$/m);
  });
});

describe('OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  it('has traces of the workers sent there, the last ones before they end', async () => {
    const names: string[] = [];
    const collector = createServer((incoming, response) => {
      void json(incoming).then((sent) => {
        for (const { scopeSpans } of (sent as SentTraces).resourceSpans) {
          names.push(...scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)));
        }
        response.setHeader('content-type', 'application/json').end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
    const service = await startService(['--port', '0', '--model', model, '--workers', '1'], env).ready;
    const asked = { host: '127.0.0.1', port: new URL(service.url).port };
    expect(await classifyBy(request, asked, 1)).toMatchObject({ status: 200 });
    expect(await service.logged(({ msg }) => msg === 'request')).toMatchObject({
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
    expect(names.toSorted()).toEqual(['POST /mnist/classify', 'decode', 'infer', 'infer batch', 'queue']);
    collector.close();
  });
});
