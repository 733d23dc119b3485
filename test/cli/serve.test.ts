import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request, type ClientRequest } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pngOfDigit } from '../helpers/test-app.js';
import { writeTinyModel } from '../helpers/tiny-model.js';

let folder: string;
let model: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-serve-'));
  model = writeTinyModel(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

interface Service {
  readonly child: ChildProcess;
  readonly url: string;
  /** Resolves with the exit code and all of stderr. */
  readonly ended: Promise<{ code: number | null; stderr: string }>;
  /** All log lines so far. */
  logs(): Record<string, unknown>[];
  /** Resolves with the first log line that fits, past or to come. */
  logged(fits: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

function start(...args: string[]): Omit<Service, 'url'> & { ready: Promise<Service> } {
  const child = spawn(process.execPath, ['bin/inkdigit.mjs', 'serve', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let stdout = '';
  let stderr = '';
  const logs = (): Record<string, unknown>[] =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line): Record<string, unknown> => JSON.parse(line));
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(() => {
    running.delete(child);
    return { code: child.exitCode, stderr };
  });
  const logged: Service['logged'] = (fits) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const line = logs().find(fits);
        if (!line) return;
        listeners.delete(look);
        resolve(line);
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`the service ended: ${stderr}`)));
    });
  const ready = logged((line) => line['msg'] === 'ready').then((line) => {
    return { child, ended, logs, logged, url: `http://127.0.0.1:${String(line['port'])}` };
  });
  ready.catch(() => {});
  return { child, ended, logs, logged, ready };
}

function startReady(...args: string[]): Promise<Service> {
  return start('--port', '0', '--model', model, ...args).ready;
}

async function classify(url: string, digit: number): Promise<unknown> {
  const response = await fetch(`${url}/mnist/classify?normalize=never`, {
    method: 'POST',
    headers: { 'content-type': 'image/png', connection: 'close' },
    body: await pngOfDigit(digit),
  });
  expect(response.status).toBe(200);
  const body = (await response.json()) as { responses: { class: number }[] };
  return body.responses[0]?.class;
}

/** Begins a POST whose body is not complete yet. */
function openRequest(url: string): ClientRequest {
  const open = request(`${url}/mnist/classify?normalize=never`, {
    method: 'POST',
    headers: { 'content-type': 'image/png', 'transfer-encoding': 'chunked' },
  });
  open.flushHeaders();
  return open;
}

async function finish(open: ClientRequest, body: Buffer): Promise<{ status?: number; text: string }> {
  const answered = once(open, 'response');
  open.end(body);
  const [response] = await answered;
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode, text };
}

describe('inkdigit serve', () => {
  it('serves on a free port, prints where, and keeps stdout to JSON lines', async () => {
    const service = await startReady('--workers', '2');
    expect(await classify(service.url, 7)).toBe(7);
    const ready = await fetch(`${service.url}/readyz`);
    expect(ready.status).toBe(200);
    service.child.kill('SIGTERM');
    const { code, stderr } = await service.ended;
    expect(code).toBe(0);
    expect(stderr).toContain(`inkdigit is ready: ${service.url}/`);
    expect(stderr).toContain(`curl -F image=@`);
    expect(service.logs().filter((line) => line['msg'] === 'request')).toHaveLength(2);
    expect(service.logs().every((line) => typeof line['time'] === 'string')).toBe(true);
  });

  it('takes its options from the environment too', async () => {
    const child = spawn(process.execPath, ['bin/inkdigit.mjs', 'serve'], {
      env: { ...process.env, INKDIGIT_PORT: '99999' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(stderr).toContain('INKDIGIT_PORT');
    expect(stderr).toContain('from 0 to 65535');
  });

  it.each([
    ['SIGTERM', ['SIGTERM']],
    ['SIGINT', ['SIGINT']],
    ['two signals at once', ['SIGTERM', 'SIGINT']],
  ] as const)('finishes an open request on %s, then exits 0', async (_what, signals) => {
    const service = await startReady('--workers', '2', '--shutdown-timeout-ms', '60000');
    const open = openRequest(service.url);
    await once(open, 'socket');
    // A worker that answers another request has also seen the open one: it came first, and is on its own socket.
    await Promise.all([classify(service.url, 1), classify(service.url, 2)]);
    for (const signal of signals) service.child.kill(signal);
    await service.logged((line) => line['msg'] === 'shutting down');
    await refused(service.url);
    const { status, text } = await finish(open, await pngOfDigit(4));
    expect(status).toBe(200);
    expect(text).toContain('"class":4');
    expect((await service.ended).code).toBe(0);
  });

  it('still answers on a kept connection just after SIGTERM, not ready, and closes it with the answer', async () => {
    const service = await startReady('--workers', '1', '--shutdown-timeout-ms', '60000');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = async (path: string): Promise<{ status: number; connection: string | undefined }> => {
      const [response] = await once(request(`${service.url}${path}`, { agent }).end(), 'response');
      response.resume();
      await once(response, 'end');
      return { status: response.statusCode, connection: response.headers.connection };
    };
    expect(await get('/readyz')).toEqual({ status: 200, connection: 'keep-alive' });
    service.child.kill('SIGTERM');
    await service.logged((line) => line['msg'] === 'shutting down');
    await delay(50);
    expect(await get('/readyz')).toEqual({ status: 503, connection: 'close' });
    expect(await classify(service.url, 3)).toBe(3);
    expect((await service.ended).code).toBe(0);
  });

  it('does not wait for connections that never asked anything', async () => {
    const service = await startReady('--workers', '1', '--shutdown-timeout-ms', '3600000');
    const idle = connect(Number(new URL(service.url).port), '127.0.0.1');
    await once(idle, 'connect');
    await classify(service.url, 1);
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
    idle.destroy();
  });

  it('cuts off what takes longer than it may, and says so with exit code 1', async () => {
    const service = await startReady('--workers', '1', '--shutdown-timeout-ms', '500');
    const open = openRequest(service.url);
    open.on('error', () => {});
    await once(open, 'socket');
    await classify(service.url, 1);
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(1);
    expect(service.logs().some((line) => String(line['msg']).includes('cut off'))).toBe(true);
  });

  it('ends at once on a second signal', async () => {
    const service = await startReady('--workers', '1', '--shutdown-timeout-ms', '3600000');
    const open = openRequest(service.url);
    open.on('error', () => {});
    await once(open, 'socket');
    await classify(service.url, 1);
    service.child.kill('SIGTERM');
    await service.logged((line) => line['msg'] === 'shutting down');
    // Sent until it is late enough to be a second wish.
    const insisting = setInterval(() => service.child.kill('SIGTERM'), 100);
    expect((await service.ended).code).toBe(1);
    clearInterval(insisting);
  });

  it.each([1, 2])('replaces a worker that was killed, of %i', async (workers) => {
    const service = await startReady('--workers', String(workers));
    await classify(service.url, 1);
    const { pid } = await service.logged(({ msg }) => msg === 'request');
    process.kill(Number(pid), 'SIGKILL');
    const ended = await service.logged(({ msg }) => msg === 'worker ended; replacing it');
    expect(ended).toMatchObject({ worker: pid, reason: 'signal SIGKILL', level: 'error' });
    await service.logged(({ msg }) => msg === 'worker replaced');
    expect(await Promise.all([classify(service.url, 5), classify(service.url, 6)])).toEqual([5, 6]);
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });

  it('leaves no worker behind when the primary is killed', async () => {
    const service = await startReady('--workers', '1');
    await classify(service.url, 1);
    service.child.kill('SIGKILL');
    // The worker holds the other ends of stdout and stderr: they close when it is gone.
    await service.ended;
    await refused(service.url);
  });
});

describe('inkdigit serve that cannot start', () => {
  async function failure(...args: string[]): Promise<string> {
    const { code, stderr } = await start(...args).ended;
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    return stderr;
  }

  it('says in one line that the model is missing or broken', async () => {
    expect(await failure('--port', '0', '--model', join(folder, 'none.onnx'))).toMatch(
      /^inkdigit: .*none\.onnx/,
    );
    const broken = join(folder, 'broken.onnx');
    writeFileSync(broken, 'not a model');
    writeFileSync(join(folder, 'broken.json'), '{}');
    expect(await failure('--port', '0', '--workers', '3', '--model', broken)).toMatch(/^inkdigit: .*broken/);
  });

  it('says in one line that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const line = await failure('--port', String(port), '--model', model);
    expect(line).toContain(`Cannot listen on 127.0.0.1:${port}: another program uses that port`);
    other.close();
  });

  it('says in one line that the address is not one of this machine', async () => {
    expect(await failure('--port', '0', '--host', '203.0.113.1', '--model', model)).toContain('--host');
  });
});

/** Resolves once nobody listens any more. */
async function refused(url: string): Promise<void> {
  const port = Number(new URL(url).port);
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isRefused = await once(socket, 'connect').then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
    );
    socket.destroy();
    if (isRefused) return;
    await delay(20);
  }
}
