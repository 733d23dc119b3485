import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  classify,
  endServices,
  startService,
  type LogLine,
  type Service,
} from '../../helpers/programs/service.js';
import { pngOfDigit } from '../../helpers/programs/test-app.js';
import { MODEL_INPUT, MODEL_OUTPUT } from '../../../src/model/contract.js';
import { openDigitModels } from '../../../src/model/digit-models.js';
import { Graph } from '../../../src/onnx/graph.js';
import * as ops from '../../../src/onnx/ops.js';
import { fakeCard } from '../../helpers/models/fake-classifier.js';
import { writeTinyModel } from '../../helpers/models/tiny-model.js';

// What goes wrong around a service, done to real processes.

let folder: string;
let model: string;
let body: Buffer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-faults-'));
  model = writeTinyModel(folder);
  body = await pngOfDigit(7);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(endServices);

function startReady(...args: string[]): Promise<Service> {
  return startService(['--port', '0', '--model', model, ...args]).ready;
}

/** How a request ended: `7` is the answer that was expected, everything else says what came instead. */
type Outcome = number | string;

/** Clients that ask one after the other, each on a connection that it keeps, until they are told to stop. */
class Load {
  readonly outcomes: Outcome[] = [];
  readonly #url: string;
  readonly #clients: Promise<void>[];
  #isOver = false;

  /** @param untilClosed whether a client ends when the service closes its connection in good order */
  constructor(url: string, clients: number, { untilClosed = false, keepAlive = true } = {}) {
    this.#url = url;
    this.#clients = Array.from({ length: clients }, () => this.#run(untilClosed, keepAlive));
  }

  stop(): Promise<unknown> {
    this.#isOver = true;
    return this.ended();
  }

  ended(): Promise<unknown> {
    return Promise.all(this.#clients);
  }

  async answers(count: number): Promise<void> {
    const before = this.outcomes.length;
    while (this.outcomes.length < before + count) await delay(10);
  }

  async #run(untilClosed: boolean, keepAlive: boolean): Promise<void> {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!this.#isOver) {
      const { outcome, isClosed } = await this.#ask(agent);
      this.outcomes.push(outcome);
      if (untilClosed && isClosed) break;
      if (typeof outcome === 'string') await delay(20);
    }
    agent.destroy();
  }

  async #ask(agent: Agent): Promise<{ outcome: Outcome; isClosed: boolean }> {
    const asked = request(`${this.#url}/mnist/classify?normalize=never`, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'image/png', 'content-length': body.length },
    });
    try {
      const answered = once(asked, 'response');
      asked.end(body);
      const [response]: IncomingMessage[] = await answered;
      let text = '';
      for await (const chunk of response!.setEncoding('utf8')) text += chunk;
      const isClosed = response!.headers.connection === 'close';
      if (response!.statusCode !== 200) return { outcome: `status ${response!.statusCode}`, isClosed };
      return { outcome: JSON.parse(text).responses[0].class, isClosed };
    } catch (error) {
      return { outcome: (error as NodeJS.ErrnoException).code ?? String(error), isClosed: true };
    }
  }
}

const isReplaced = ({ msg }: LogLine): boolean => msg === 'worker replaced';

/** The process id of a worker. */
async function workerOf(service: Service): Promise<number> {
  await classify(service.url, 1);
  const { pid } = await service.logged(({ msg }) => msg === 'request');
  return Number(pid);
}

describe('a worker', () => {
  it('that is killed under load costs its open requests alone, and is replaced', async () => {
    const service = await startReady('--workers', '2');
    const pid = await workerOf(service);
    const clients = 8;
    const load = new Load(service.url, clients);
    await load.answers(50);
    process.kill(pid, 'SIGKILL');
    const ended = await service.logged(({ msg }) => msg === 'worker ended; replacing it');
    expect(ended).toMatchObject({ worker: pid, reason: 'signal SIGKILL', level: 'error' });
    await service.logged(isReplaced);
    await load.answers(50);
    await load.stop();
    const failures = load.outcomes.filter((outcome) => outcome !== 7);
    // A client has one request open.
    expect(failures.length).toBeLessThanOrEqual(clients);
    expect(failures.every((failure) => failure === 'ECONNRESET' || failure === 'EPIPE')).toBe(true);
  });

  it('that hangs is replaced, and no client waits for it for ever', async () => {
    const service = await startReady('--workers', '2', '--hang-timeout-ms', '2000');
    const pid = await workerOf(service);
    const kept = new Load(service.url, 4);
    await kept.answers(20);
    process.kill(pid, 'SIGSTOP');
    // One of these is handed to it and never taken.
    const fresh = new Load(service.url, 4, { keepAlive: false });
    const ending = await service.logged(({ msg }) => msg === 'worker missed its heartbeats; ending it');
    expect(ending).toMatchObject({ worker: pid });
    await service.logged(isReplaced);
    await Promise.all([kept.stop(), fresh.stop()]);
    const failures = [...kept.outcomes, ...fresh.outcomes].filter((outcome) => outcome !== 7);
    expect(failures.length).toBeLessThanOrEqual(8);
  });

  it('that cannot come back is tried less and less often, while the others answer', async () => {
    const own = join(folder, 'own');
    const path = writeTinyModel(own);
    const bytes = readFileSync(path);
    const service = await startReady('--workers', '2', '--model', path);
    const pid = await workerOf(service);
    writeFileSync(path, 'garbage');
    process.kill(pid, 'SIGKILL');
    const isThird = ({ delayMs }: LogLine): boolean => delayMs === 400;
    const third = await service.logged(isThird);
    expect(third['reason']).toContain(`${path} is not the model that`);
    expect(await Promise.all([classify(service.url, 5), classify(service.url, 6)])).toEqual([5, 6]);
    const delays = service.logs().flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs]));
    expect(delays.slice(0, 3)).toEqual([100, 200, 400]);
    writeFileSync(path, bytes);
    await service.logged(isReplaced);
  });
});

describe('SIGTERM under load', () => {
  it('loses no request on a kept connection', async () => {
    const service = await startReady('--workers', '2');
    const load = new Load(service.url, 16, { untilClosed: true });
    await load.answers(100);
    service.child.kill('SIGTERM');
    await load.ended();
    expect((await service.ended).code).toBe(0);
    expect(load.outcomes.filter((outcome) => outcome !== 7)).toEqual([]);
  });
});

describe('SIGTERM while a worker loads', () => {
  it('ends the service as soon as it has, not after the time for open requests', async () => {
    const slow = join(folder, 'slow.mjs');
    writeFileSync(
      slow,
      "if (process.argv[1].endsWith('worker.js')) { process.stderr.write('a worker loads\\n'); await new " +
        'Promise((r) => setTimeout(r, 500)); }',
    );
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(slow).href}` };
    const args = ['--port', '0', '--model', model, '--workers', '1', '--shutdown-timeout-ms', '3600000'];
    const service = startService(args, env);
    await service.said('a worker loads');
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });
});

describe('a log', () => {
  it('on a full disk does not end the service', async () => {
    const port = await freePort();
    const full = openSync('/dev/full', 'w');
    const args = ['--port', String(port), '--model', model, '--workers', '1'];
    const service = startService(args, {}, ['ignore', full, 'pipe']);
    closeSync(full);
    await service.said('inkdigit is ready');
    for (let i = 0; i < 10; i++) expect(await classify(`http://127.0.0.1:${port}`, 3)).toBe(3);
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });

  it('whose reader has gone does not end the service', async () => {
    const service = await startReady('--workers', '1');
    const pid = await workerOf(service);
    service.child.stdout?.destroy();
    for (let i = 0; i < 10; i++) expect(await classify(service.url, 3)).toBe(3);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => classify(service.url, 4).catch(String)).toBe(4);
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });
});

describe('a wall clock that jumps', () => {
  it('neither ends a worker, nor makes one that died early look old, nor holds up the end', async () => {
    // An hour forward each time that it is asked, then a day back.
    const jumps = join(folder, 'jumps.mjs');
    writeFileSync(
      jumps,
      'const now = Date.now; let count = 0;' +
        'Date.now = () => now() + (count++ % 24) * 3_600_000;' +
        'process.stderr.write(`jumps in ${process.pid}\\n`);',
    );
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(jumps).href}` };
    const args = ['--port', '0', '--model', model, '--workers', '1', '--hang-timeout-ms', '2000'];
    const service = await startService(args, env).ready;
    const pid = await workerOf(service);
    // Longer than a worker may miss heartbeats, and none is ended.
    await delay(3000);
    expect(service.logs().some(({ level }) => level === 'error')).toBe(false);
    process.kill(pid, 'SIGKILL');
    const ended = await service.logged(({ msg }) => msg === 'worker ended; replacing it');
    expect(ended['delayMs']).toBe(100);
    await service.logged(isReplaced);
    service.child.kill('SIGTERM');
    const { code, stderr } = await service.ended;
    expect(code).toBe(0);
    expect(stderr.match(/jumps in/g)!.length).toBeGreaterThanOrEqual(3);
  });
});

describe('a model that cannot be served', () => {
  interface BrokenModel {
    readonly bytes?: Uint8Array;
    /** Left out: a card that fits the bytes. */
    readonly card?: string | null;
  }

  function write(name: string, { bytes, card }: BrokenModel): string {
    const own = join(folder, name);
    mkdirSync(own);
    const path = join(own, 'model.onnx');
    if (bytes) writeFileSync(path, bytes);
    const sha256 = createHash('sha256')
      .update(bytes ?? '')
      .digest('hex');
    const fitting = JSON.stringify(fakeCard({ bytes: bytes?.length ?? 0, sha256 }));
    if (card !== null) writeFileSync(join(own, 'model.json'), card ?? fitting);
    return path;
  }

  /** The one line with which the service refuses to start. */
  async function refusal(path: string): Promise<string> {
    const { code, stderr } = await startService(['--port', '0', '--workers', '1', '--model', path]).ended;
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^inkdigit: /);
    expect(stderr).toContain(dirname(path));
    return stderr;
  }

  /** Ten numbers of that number of pixels. */
  function modelOf(input: string, side: number, output: string): Uint8Array {
    const graph = new Graph('other');
    const image = graph.input(input, ['N', 1, side, side]);
    const weights = graph.constant('weights', [side * side, 10], new Float32Array(side * side * 10));
    graph.output(output, ops.gemm(ops.flatten(image), weights));
    return graph.toModel();
  }

  it('is refused with one line that says why', async () => {
    const good = readFileSync(model);
    const cases: readonly [string, BrokenModel, RegExp][] = [
      ['missing', {}, /Cannot read the model's file .*: there is no such file\./],
      ['other-card', { bytes: good, card: JSON.stringify(fakeCard()) }, /is not the model that .* describes/],
      ['garbage', { bytes: Buffer.from('not a model') }, /cannot be opened as an ONNX model/],
      ['other-input', { bytes: modelOf(MODEL_INPUT, 32, MODEL_OUTPUT) }, /of another kind.*\[N,1,32,32\]/],
    ];
    const refusals = await inPairs(cases, ([name, broken]) => refusal(write(name, broken)));
    for (const [i, line] of refusals.entries()) expect(line).toMatch(cases[i]![2]);
  });

  it('is refused as well by the part of a worker that opens it', async () => {
    const good = readFileSync(model);
    const cases: readonly [string, BrokenModel, RegExp][] = [
      ['no-card', { bytes: good, card: null }, /Cannot read the model's file .*model\.json/],
      ['bad-card', { bytes: good, card: '{}' }, /is not the card of a model/],
      ['empty', { bytes: Buffer.alloc(0) }, /cannot be opened as an ONNX model/],
      ['truncated', { bytes: good.subarray(0, good.length / 2) }, /cannot be opened as an ONNX model/],
      ['other-output', { bytes: modelOf(MODEL_INPUT, 28, 'scores') }, /of another kind.*scores/],
    ];
    for (const [name, broken, message] of cases) {
      await expect(openDigitModels(write(name, broken))).rejects.toThrow(message);
    }
  });
});

async function inPairs<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += 2)
    results.push(...(await Promise.all(items.slice(i, i + 2).map(work))));
  return results;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
