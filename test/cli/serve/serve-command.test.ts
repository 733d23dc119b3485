import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request, type ClientRequest } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../helpers/data/digits.js';
import { refusalOf } from '../../helpers/programs/refusal.js';
import {
  classify,
  endServices,
  refused,
  startService,
  type Service,
} from '../../helpers/programs/service.js';
import { pngOfDigit } from '../../helpers/programs/test-app.js';
import { writeTinyModel } from '../../helpers/models/tiny-model.js';
import { markedPicture, writeTinyPictureModels } from '../../helpers/models/tiny-picture-models.js';

let folder: string;
let model: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-serve-'));
  model = writeTinyModel(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

afterEach(endServices);

function startReady(...args: string[]): Promise<Service> {
  return startService(['--port', '0', '--model', model, ...args]).ready;
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
  it('finds and reads digits in pictures where the networks for it lie beside the model', async () => {
    const own = join(folder, 'with-pictures');
    const path = writeTinyModel(own);
    writeTinyPictureModels(path);
    const service = await startService(['--port', '0', '--model', path, '--workers', '1']).ready;
    const post = async (body: Buffer): Promise<unknown> => {
      const response = await fetch(`${service.url}/mnist/classify?detail=full`, {
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body: Uint8Array.from(body),
      });
      return response.json();
    };
    // The larger one is decoded on another thread, and looked at in squares of 3 x 3 pixels.
    const small = await encodePng(markedPicture(20, [[1, 4, 'upper']]));
    const large = await encodePng(markedPicture(240, [[4, 1, 'lower']]));
    expect(await post(small)).toMatchObject({
      responses: [{ class: 4, digit: true, box: [70, 10, 40, 40] }],
    });
    expect(await post(large)).toMatchObject({
      responses: [{ class: 5, digit: true, box: [120, 840, 480, 480] }],
    });
  });

  it('serves on a free port, prints where, and keeps stdout to JSON lines', async () => {
    const service = await startReady('--workers', '2');
    expect(await classify(service.url, 7)).toBe(7);
    const ready = await fetch(`${service.url}/readyz`);
    expect(ready.status).toBe(200);
    const page = await (await fetch(service.url, { headers: { accept: 'text/html' } })).text();
    service.child.kill('SIGTERM');
    const { code, stderr } = await service.ended;
    expect(code).toBe(0);
    expect(stderr).toContain(`inkdigit is ready: ${service.url}/`);
    expect(stderr).toContain(`Draw: ${service.url}/ in a browser`);
    expect(stderr).toContain(`curl -F image=@`);
    expect(page).toMatch(/^<!doctype html>/);
    expect(service.logs().filter((line) => line['msg'] === 'request')).toHaveLength(3);
    expect(service.logs().every((line) => typeof line['time'] === 'string')).toBe(true);
    expect(service.logs().filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('takes its options from the environment too, and PORT; what is empty there is not given', async () => {
    const env = { INKDIGIT_HOST: '', INKDIGIT_PORT: '', INKDIGIT_API_KEY: '', INKDIGIT_WORKERS: '1' };
    const service = await startService(['--model', model], { ...env, PORT: '0' }).ready;
    const ready = await service.logged(({ msg }) => msg === 'ready');
    expect(ready['host']).toBe('127.0.0.1');
    expect(ready['port']).not.toBe(8000);
    expect(await classify(service.url, 3)).toBe(3);
    // What nothing is said of is not there.
    expect(ready).not.toHaveProperty('metricsPort');
    expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
  });

  it.each([
    ['INKDIGIT_PORT', { INKDIGIT_PORT: '99999', PORT: '0' }],
    ['PORT', { PORT: '99999' }],
  ])('says that %s is not a port', async (variable, env) => {
    const stderr = await refusalOf(['serve'], env);
    expect(stderr).toContain(`value '99999' from env '${variable}' is invalid`);
    expect(stderr).toContain('from 0 to 65535');
  });

  it.each([
    ['SIGTERM', 2, ['SIGTERM']],
    ['SIGINT', 1, ['SIGINT']],
    ['two signals at once', 1, ['SIGTERM', 'SIGINT']],
  ] as const)('finishes an open request on %s, then exits 0', async (_what, workers, signals) => {
    const service = await startReady('--workers', String(workers), '--shutdown-timeout-ms', '3600000');
    // Nothing waits for a connection that never asks anything.
    const idle = connect(Number(new URL(service.url).port), '127.0.0.1').on('error', () => {});
    await once(idle, 'connect');
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
    idle.destroy();
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
    await vi.waitFor(async () => expect(await get('/readyz')).toEqual({ status: 503, connection: 'close' }));
    expect(await classify(service.url, 3)).toBe(3);
    expect((await service.ended).code).toBe(0);
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

  it.each(['SIGTERM', 'SIGINT'] as const)('ends at once on a second %s', async (signal) => {
    const service = await startReady('--workers', '1', '--shutdown-timeout-ms', '3600000');
    const open = openRequest(service.url);
    open.on('error', () => {});
    await once(open, 'socket');
    await classify(service.url, 1);
    service.child.kill(signal);
    await service.logged((line) => line['msg'] === 'shutting down');
    // Sent until it is late enough to be a second wish.
    const insisting = setInterval(() => service.child.kill(signal), 100);
    expect((await service.ended).code).toBe(1);
    clearInterval(insisting);
  });

  it('replaces its only worker when that was killed', async () => {
    const service = await startReady('--workers', '1');
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

  it('shows no setting in the arguments of a worker, and leaves none behind when the primary is killed', async () => {
    const env = { INKDIGIT_API_KEY: 'a-key-of-many-characters' };
    const service = await startService(['--port', '0', '--model', model, '--workers', '1'], env).ready;
    const { pid } = await service.logged(({ msg }) => msg === 'listening');
    if (process.platform === 'linux') {
      const words = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
        .split('\0')
        .filter(Boolean);
      expect(words.at(-1)).toMatch(/worker\.js$/);
    }
    service.child.kill('SIGKILL');
    // The worker holds the other ends of stdout and stderr: they close when it is gone.
    await service.ended;
    await refused(service.url);
  });
});

describe('inkdigit serve that cannot start', () => {
  async function failure(...args: string[]): Promise<string> {
    const { code, stderr } = await startService(args).ended;
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
