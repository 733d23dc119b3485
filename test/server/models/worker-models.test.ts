import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readContents } from '../../../src/model/digit-models.js';
import { goldenFrames } from '../../../src/server/models/golden-images.js';
import type { VersionRef } from '../../../src/server/models/held-models.js';
import type { ModelReport } from '../../../src/server/models/model-messages.js';
import { WorkerModels, type ShadowTallies } from '../../../src/server/models/worker-models.js';
import { ModelStore } from '../../../src/store/model-store.js';
import {
  swapOneAndSeven,
  writeGoldenModel,
  type GoldenModelSettings,
} from '../../helpers/models/golden-model.js';
import { quickFolder } from '../../helpers/surroundings/quick-folder.js';

let folder: string;
beforeAll(() => {
  folder = quickFolder('worker-models');
});
afterAll(() => rmSync(folder, { recursive: true }));

let stores = 0;

/** A worker that serves the first of some versions, and what it tells. */
async function workerOf(...all: readonly GoldenModelSettings[]): Promise<{
  models: WorkerModels;
  refs: VersionRef[];
  reports: ModelReport[];
  store: ModelStore;
  /** What was asked to be counted: the version that serves, the candidate. */
  pairs: (readonly [serving: number, candidate: number])[];
}> {
  const dir = join(folder, String(stores++));
  const store = new ModelStore(dir);
  const refs: VersionRef[] = [];
  for (const [i, settings] of all.entries()) {
    const { version } = await store.add(writeGoldenModel(join(`${dir}-${i}`), settings));
    refs.push({ version: version.version, sha256: version.sha256 });
  }
  const reports: ModelReport[] = [];
  const pairs: (readonly [serving: number, candidate: number])[] = [];
  const tallies: ShadowTallies = {
    of(...pair) {
      pairs.push(pair);
      return { compared() {}, dropped() {} };
    },
  };
  const models = await WorkerModels.open(
    { dir, serving: refs[0]! },
    (report) => reports.push(report),
    tallies,
  );
  return { models, refs, reports, store, pairs };
}

/** How sure the version that serves is of the first golden frame. */
async function sureness({ live }: WorkerModels): Promise<number> {
  const [read] = await readContents(live.current, [goldenFrames()[0]!.content]);
  return read?.reading.probability ?? NaN;
}

describe('WorkerModels', () => {
  it('swaps to what it is told, keeps the one before, and goes back to it without a file', async () => {
    const { models, refs, reports, store } = await workerOf({ scale: 0.02 }, { scale: 0.04 });
    const [first, second] = refs as [VersionRef, VersionRef];
    const before = await sureness(models);
    await models.obey({ kind: 'use', id: 1, ref: second, keepsPrevious: true });
    expect(reports.at(-1)).toMatchObject({ kind: 'used', id: 1, wasKept: false });
    expect(await sureness(models)).toBeGreaterThan(before);
    expect(models.now()).toMatchObject({ serving: second, previous: first });
    rmSync(store.dir, { recursive: true });
    await models.obey({ kind: 'use', id: 2, ref: first, keepsPrevious: true });
    expect(reports.at(-1)).toMatchObject({ kind: 'used', id: 2, wasKept: true });
    expect(await sureness(models)).toBe(before);
  });

  it('drops a version that it goes back from for good', async () => {
    const { models, refs } = await workerOf({ scale: 0.02 }, { scale: 0.04 });
    await models.obey({ kind: 'use', id: 1, ref: refs[1]!, keepsPrevious: true });
    await models.obey({ kind: 'use', id: 2, ref: refs[0]!, keepsPrevious: false });
    expect(models.now()).toMatchObject({ serving: refs[0]!, previous: undefined });
  });

  it('says why it cannot load one, and goes on', async () => {
    const { models, refs, reports, store } = await workerOf({ scale: 0.02 }, { scale: 0.04 }, { scale: NaN });
    truncateSync(join(store.dir, 'store', refs[1]!.sha256, 'model.onnx'), 100);
    await Promise.all([
      models.obey({ kind: 'use', id: 1, ref: refs[1]!, keepsPrevious: true }),
      models.obey({ kind: 'use', id: 2, ref: refs[2]!, keepsPrevious: true }),
    ]);
    expect(reports).toMatchObject([
      { kind: 'refused', id: 1, reason: expect.stringContaining('not as it was') },
      { kind: 'refused', id: 2, reason: expect.stringContaining('no probability') },
    ]);
    expect(models.now().serving).toEqual(refs[0]);
    expect(await sureness(models)).toBeGreaterThan(0);
  });

  it('lets a shadow read along, but not the version that serves, and tells what it found', async () => {
    const { models, refs, reports, pairs } = await workerOf(
      { scale: 0.02 },
      { scale: 0.02, classOf: swapOneAndSeven },
    );
    expect(models.samples()).toBe(false);
    await models.obey({ kind: 'shadow', ref: refs[1]!, share: 1 });
    expect(models.samples()).toBe(true);
    const golden = goldenFrames();
    const read = await readContents(
      models.live.current,
      golden.map(({ content }) => content),
    );
    read.forEach(({ reading }, i) => models.offer(golden[i]!.content, reading));
    models.idle(() => true);
    const isOfFigures = (report: ModelReport): boolean => report.kind === 'shadow-figures';
    await vi.waitFor(() => {
      expect(reports.findLast(isOfFigures)).toMatchObject({
        figures: {
          serving: 1,
          candidate: 2,
          compared: 60,
          agreed: 48,
          disagreements: { '1>7': 6, '7>1': 6 },
        },
      });
    });
    const told = reports.findLast(isOfFigures);
    if (told?.kind === 'shadow-figures') await models.obey(told);
    expect(models.now().shadow).toMatchObject({ compared: 60 });
    await models.obey({ kind: 'use', id: 1, ref: refs[1]!, keepsPrevious: true });
    expect(models.samples()).toBe(false);
    expect(models.now().shadow).toBeUndefined();
    await models.obey({ kind: 'use', id: 2, ref: refs[0]!, keepsPrevious: true });
    expect(models.samples()).toBe(true);
    // Nothing of a version that is its own shadow.
    expect(pairs).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('asks the primary for a client, and passes its answer on', async () => {
    const { models, reports } = await workerOf({ scale: 0.02 });
    const chosen = models.choose(2);
    expect(reports).toEqual([{ kind: 'choose', id: 1, version: 2 }]);
    await models.obey({ kind: 'chosen', id: 1, ok: false, serving: 1, reason: 'no' });
    expect(await chosen).toEqual({ ok: false, serving: 1, reason: 'no' });
  });
});
