import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { InkdigitError } from '../../../src/errors.js';
import type { ModelOrder } from '../../../src/server/models/model-messages.js';
import { ModelService, type Check } from '../../../src/server/models/model-service.js';
import type { StoreSettings } from '../../../src/server/models/store-settings.js';
import { ModelStore } from '../../../src/store/model-store.js';
import { readStatuses } from '../../../src/store/service-status.js';
import { quickFolder } from '../../helpers/surroundings/quick-folder.js';
import { writeFakeModel } from '../../helpers/models/store-models.js';

let folder: string;
beforeAll(() => {
  folder = quickFolder('model-service');
});
afterAll(() => rmSync(folder, { recursive: true }));

let service: ModelService | undefined;
afterEach(async () => {
  await service?.end();
  service = undefined;
});

let stores = 0;

async function storeOfThree(): Promise<ModelStore> {
  const store = new ModelStore(join(folder, `store-${stores++}`));
  for (const name of ['a', 'b', 'c']) await store.add(writeFakeModel(join(folder, name), name));
  await store.use(1);
  return store;
}

/** Passes all but some versions; the processes that try are left out. */
function checkOf(bad: readonly number[] = []): Check {
  return async ({ candidate: { version } }) => {
    if (bad.includes(version)) throw new InkdigitError('invalid_model', `${version} reads nothing`);
    return { images: 60, correct: 60, microsecondsAFrame: 1, slowdown: 1 };
  };
}

/** A service with one worker, which does what it is told. */
async function startWith(
  store: ModelStore,
  bad: readonly number[] = [],
  settings: Partial<StoreSettings> = {},
): Promise<{
  service: ModelService;
  orders: ModelOrder[];
  lines: Record<string, unknown>[];
  changes: string[];
}> {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const limits = { goldenAccuracy: 0.9, maxSlowdown: 1.5 };
  const changes: string[] = [];
  const opened = await ModelService.open(
    { dir: store.dir, limits, canaryMs: 1, ...settings },
    { log, check: checkOf(bad), onChange: (result) => changes.push(result) },
  );
  service = opened;
  const orders: ModelOrder[] = [];
  const tell = (order: ModelOrder): void => {
    orders.push(order);
    if (order.kind === 'use') {
      setImmediate(() => opened.heard(1, { kind: 'used', id: order.id, ms: 1, wasKept: false }));
    }
  };
  opened.joined({ id: 1, tell }, opened.workerSettings().serving);
  opened.begin(8000);
  return { service: opened, orders, lines, changes };
}

describe('ModelService', () => {
  it('follows the pointer by itself, and says in the store what it serves', async () => {
    const store = await storeOfThree();
    const started = await startWith(store);
    expect(started.service.workerSettings().serving.version).toBe(1);
    await store.use(2);
    await vi.waitFor(() => expect(started.service.workerSettings().serving.version).toBe(2));
    await vi.waitFor(async () => {
      expect(await readStatuses(store.dir)).toMatchObject([
        { port: 8000, state: 'serving', serving: 2, previous: 1 },
      ]);
    });
    const swapped = started.lines.find(({ msg }) => msg === 'model swapped');
    expect(swapped).toMatchObject({ version: 2, from: 1, slowdown: 1 });
    await started.service.end();
    expect(await readStatuses(store.dir)).toEqual([]);
  });

  it('goes on with what it serves where the new one is refused, and says so', async () => {
    const store = await storeOfThree();
    const { service: own, lines, changes } = await startWith(store, [2]);
    expect(await own.choose(2)).toEqual({ ok: false, serving: 1, reason: '2 reads nothing' });
    expect(lines.find(({ msg }) => msg === 'model refused')).toMatchObject({ version: 2, serving: 1 });
    await vi.waitFor(async () => {
      const refused = { version: 2, reason: '2 reads nothing' };
      expect(await readStatuses(store.dir)).toMatchObject([{ serving: 1, refused }]);
    });
    expect(await own.choose(3)).toEqual({ ok: true, serving: 3 });
    expect(await own.choose(7)).toMatchObject({
      ok: false,
      serving: 3,
      reason: expect.stringContaining('1, 2, 3'),
    });
    expect(changes).toEqual(['refused', 'swapped']);
  });

  it('begins with the version before where the current one is refused, and ends where both are', async () => {
    const store = await storeOfThree();
    await store.use(2);
    const { service: own, lines } = await startWith(store, [2]);
    expect(own.workerSettings().serving.version).toBe(1);
    expect(lines[0]).toMatchObject({ level: 50, version: 2, previous: 1 });
    await own.end();
    await expect(startWith(store, [1, 2])).rejects.toThrow('1 reads nothing');
  });

  it('says that SIGHUP changed nothing, and why where the current version may not serve', async () => {
    const store = await storeOfThree();
    const { service: own, lines } = await startWith(store, [2]);
    const told = (): unknown[] => lines.filter(({ msg }) => msg === 'SIGHUP changed nothing');
    process.emit('SIGHUP');
    await vi.waitFor(() => expect(told()).toMatchObject([{ level: 30, serving: 1 }]));
    await own.choose(2);
    process.emit('SIGHUP');
    await vi.waitFor(() =>
      expect(told()[1]).toMatchObject({ level: 40, serving: 1, reason: '2 reads nothing' }),
    );
  });

  it('lets a worker choose for a client, and answers it', async () => {
    const store = await storeOfThree();
    const { service: own, orders } = await startWith(store);
    own.heard(1, { kind: 'choose', id: 5, version: 3 });
    await vi.waitFor(() => expect(orders).toContainEqual({ kind: 'chosen', id: 5, ok: true, serving: 3 }));
    own.heard(1, { kind: 'choose', id: 6, version: undefined });
    await vi.waitFor(() => expect(orders).toContainEqual({ kind: 'chosen', id: 6, ok: true, serving: 3 }));
  });

  it('gives workers a shadow that passed, adds up what they find, and logs it', async () => {
    const store = await storeOfThree();
    const shadow = { version: 2, share: 0.5 };
    const { service: own, orders, lines } = await startWith(store, [], { shadow });
    await vi.waitFor(() =>
      expect(orders).toMatchObject([{ kind: 'shadow', ref: { version: 2 }, share: 0.5 }]),
    );
    const figures = {
      serving: 1,
      candidate: 2,
      share: 0.5,
      compared: 4,
      agreed: 3,
      probabilityDifference: 0.4,
      disagreements: { '7>1': 1 },
      dropped: 0,
    };
    own.heard(1, { kind: 'shadow-figures', figures });
    expect(orders.at(-1)).toEqual({ kind: 'shadow-figures', figures });
    expect(lines.find(({ msg }) => msg === 'shadow reads along')).toMatchObject({ version: 2, share: 0.5 });
    await own.end();
    expect(lines.find(({ msg }) => msg === 'shadow compared')).toMatchObject({
      compared: 4,
      meanDifference: 0.1,
    });
  });

  it('goes without a shadow that is refused', async () => {
    const store = await storeOfThree();
    const { lines } = await startWith(store, [2], { shadow: { version: 2, share: 0.5 } });
    await vi.waitFor(() => expect(lines.map(({ msg }) => msg)).toContain('shadow refused'));
  });
});
