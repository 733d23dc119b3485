import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawDigit } from '../../../src/drawing/draw-digit.js';
import { ModelStore } from '../../../src/store/model-store.js';
import { encodePng } from '../../helpers/data/digits.js';
import {
  swapOneAndSeven,
  writeGoldenModel,
  type GoldenModelSettings,
} from '../../helpers/models/golden-model.js';
import { runsLong } from '../../helpers/runner/long.js';
import { quickFolder } from '../../helpers/surroundings/quick-folder.js';
import { runCli } from '../../helpers/programs/run-cli.js';
import { endServices, startService, type LogLine, type Service } from '../../helpers/programs/service.js';

// Versions that change while a service of real processes answers.

let folder: string;
let body: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  folder = quickFolder('swaps');
  body = Uint8Array.from(await encodePng(drawDigit(7)));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(endServices);

let stores = 0;

/** A store of models that are as sure as their scales are large, the first one current. */
async function storeOf(...all: readonly GoldenModelSettings[]): Promise<ModelStore> {
  const dir = join(folder, `store-${stores++}`);
  const store = new ModelStore(dir);
  for (const [i, settings] of all.entries()) await store.add(writeGoldenModel(join(`${dir}-${i}`), settings));
  await store.use(1);
  return store;
}

function start({ dir }: ModelStore, ...args: string[]): Promise<Service> {
  const fast = ['--canary-ms', '20', '--max-slowdown', '50'];
  return startService(['--port', '0', '--workers', '2', '--models', dir, ...fast, ...args]).ready;
}

interface Answer {
  readonly status: number;
  readonly version: string | null;
  readonly text: string;
}

async function ask(url: string): Promise<Answer> {
  const response = await fetch(`${url}/mnist/classify?normalize=never`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body,
  });
  return {
    status: response.status,
    version: response.headers.get('x-inkdigit-model'),
    text: await response.text(),
  };
}

/** Makes a version current, and waits for what the service makes of it. */
async function settle(service: Service, store: ModelStore, version: number): Promise<LogLine> {
  const before = service.logs().length;
  await store.use(version);
  return service.logged(({ msg }) => msg === 'model swapped' || msg === 'model refused', before);
}

/** So that what tries a version gets its share of a small machine. */
const PAUSE_MS = 10;

/** Clients that ask until they are told to stop. */
class Clients {
  readonly answers: Answer[] = [];
  readonly #running: Promise<void>[];
  #isOver = false;

  constructor(url: string, count: number) {
    this.#running = Array.from({ length: count }, async () => {
      while (!this.#isOver) {
        this.answers.push(
          await ask(url).catch((error: unknown) => ({ status: 0, version: null, text: String(error) })),
        );
        await delay(PAUSE_MS);
      }
    });
  }

  async stop(): Promise<readonly Answer[]> {
    this.#isOver = true;
    await Promise.all(this.#running);
    return this.answers;
  }
}

const SCALES = [0.02, 0.03, 0.04];
/** As many as bring each version up, and one of them again. */
const SWAPS = runsLong ? 20 : 5;

describe('a service whose versions change under load', () => {
  it(`loses no request over ${SWAPS} swaps, and each answer is that of the version that it names`, async () => {
    const store = await storeOf(...SCALES.map((scale) => ({ scale })));
    const service = await start(store);
    const clients = new Clients(service.url, 4);
    const expected = new Map<string | null, string>();
    let current = 1;
    for (let swap = 0; swap < SWAPS; swap++) {
      // By turns one that was kept, and one that has to be loaded.
      current = swap % 2 === 0 ? 2 + (Math.floor(swap / 2) % 2) : 1;
      expect(await settle(service, store, current)).toMatchObject({ msg: 'model swapped', version: current });
      // All workers serve it now.
      const { version, text } = await ask(service.url);
      expect(version).toBe(String(current));
      expected.set(version, text);
    }
    const answers = await clients.stop();
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(expected.values()).size).toBe(3);
    for (const { version, text } of answers) expect(text).toBe(expected.get(version));
    expect(service.logs().filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('serves nothing bad, and says why', async () => {
    const store = await storeOf(
      { scale: 0.02 },
      { classOf: (digit) => 9 - digit },
      { outputs: 12 },
      { scale: 0.03, repeats: 30 },
      { scale: 0.04 },
      { scale: 0.05 },
    );
    const service = await start(store, '--max-slowdown', '3');
    truncateSync(join(store.dir, 'store', (await store.find(6)).sha256, 'model.onnx'), 500);
    for (const [version, reason] of [
      [2, /classifies \d+ of 60 drawn frames correctly/],
      [3, /ONNX model of another kind/],
      [4, /times the processor time/],
    ] as const) {
      const line = await settle(service, store, version);
      expect(line).toMatchObject({
        msg: 'model refused',
        version,
        serving: 1,
        reason: expect.stringMatching(reason),
      });
      expect((await ask(service.url)).version).toBe('1');
    }
    // The command refuses what is broken; whatever else moves the pointer finds a service that does so too.
    const pointer = { version: 6, previous: 1, id: 'by-hand', at: '2026-01-01T00:00:00Z' };
    writeFileSync(join(store.dir, 'current'), JSON.stringify(pointer));
    const isOfSix = ({ msg, version }: LogLine): boolean => msg === 'model refused' && version === 6;
    expect(await service.logged(isOfSix)).toMatchObject({ reason: expect.stringContaining('not as it was') });
    const environment = { INKDIGIT_MODELS_DIR: store.dir };
    const bad = await runCli(['models', 'use', '2', '--wait'], environment);
    expect([bad.code, bad.stderr]).toEqual([
      1,
      expect.stringMatching(/goes on with version 1: .* drawn frames/),
    ]);
    const list = await runCli(['models', 'list'], environment);
    expect(list.stdout).toMatch(/version 2: refused by .*drawn frames/);
    const good = await runCli(['models', 'use', '5', '--wait'], environment);
    expect([good.code, good.stdout]).toEqual([0, expect.stringMatching(/serves version 5/)]);
    expect((await ask(service.url)).version).toBe('5');
  });

  it('looks again on SIGHUP, and starts new workers with what serves', async () => {
    const store = await storeOf({ scale: 0.02 }, { scale: 0.03 });
    const file = join(store.dir, 'store', (await store.find(2)).sha256, 'model.onnx');
    const whole = readFileSync(file);
    const service = await start(store);
    await store.use(2);
    await service.logged(({ msg }) => msg === 'model swapped');
    await store.use(1);
    await vi.waitFor(async () => expect((await ask(service.url)).version).toBe('1'));
    const pid = Number((await service.logged(({ msg }) => msg === 'request'))['pid']);
    process.kill(pid, 'SIGKILL');
    await service.logged(({ msg }) => msg === 'worker replaced');
    // The new worker has not kept version 2, and its file is broken now: all stay with version 1.
    appendFileSync(file, 'x');
    const choice = { version: 2, previous: 1, id: 'broken', at: '2026-01-01T00:00:00Z' };
    writeFileSync(join(store.dir, 'current'), JSON.stringify(choice));
    await service.logged(({ msg }) => msg === 'model refused');
    const versions = await Promise.all(Array.from({ length: 6 }, () => ask(service.url)));
    expect(versions.map(({ version }) => version)).toEqual(Array(6).fill('1'));
    writeFileSync(file, whole);
    service.child.kill('SIGHUP');
    await vi.waitFor(async () => {
      const answers = await Promise.all(Array.from({ length: 6 }, () => ask(service.url)));
      expect(answers.every(({ version }) => version === '2')).toBe(true);
    });
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });
});

describe('a service that starts from a store', () => {
  it('serves the version before the current one where that may not serve', async () => {
    const store = await storeOf({ scale: 0.02 }, { classOf: (digit) => 9 - digit });
    await store.use(2);
    const service = await start(store);
    expect((await ask(service.url)).version).toBe('1');
    expect(await service.logged(({ level }) => level === 'error')).toMatchObject({
      msg: 'model refused; the version before it serves',
      version: 2,
      previous: 1,
    });
  });

  it('says what is missing where it has none to serve', async () => {
    const store = new ModelStore(join(folder, 'none'));
    await store.add(writeGoldenModel(join(folder, 'none-0')));
    const { code, stderr } = await startService(['--port', '0', '--models', store.dir]).ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('No version in')]);
  });

  it('compares with a shadow while it has time, and says how they agree', async () => {
    const store = await storeOf({ scale: 0.02 }, { scale: 0.03, classOf: swapOneAndSeven });
    const service = await start(store, '--shadow', '2', '--shadow-share', '1', '--golden-accuracy', '0.8');
    await vi.waitFor(async () => {
      await ask(service.url);
      const answer = await fetch(`${service.url}/version`);
      const told = (await answer.json()) as { shadow?: { compared: number } };
      expect(told.shadow?.compared).toBeGreaterThan(3);
    });
    service.child.kill('SIGTERM');
    await service.ended;
    expect(service.logs().find(({ msg }) => msg === 'shadow compared')).toMatchObject({
      serving: 1,
      candidate: 2,
      agreed: 0,
    });
  });
});
