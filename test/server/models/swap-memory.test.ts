import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMarkedCopies } from '../../../bench/serving/marked-versions.js';
import { shippedModelPath } from '../../../src/model/model-paths.js';
import { ModelStore } from '../../../src/store/model-store.js';
import { runsLong } from '../../helpers/runner/long.js';
import { quickFolder } from '../../helpers/surroundings/quick-folder.js';

let folder: string;
beforeAll(() => {
  folder = quickFolder('swap-memory');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a worker does at a swap, over and over, with inferences in between; as it is built. */
const PROGRAM = `
  const from = (path) => import(new URL(path, DIST));
  const { ModelStore } = await from('store/model-store.js');
  const { loadVersion, noNetworks } = await from('server/models/held-models.js');
  const { LiveModels } = await from('server/models/live-models.js');
  const { goldenFrames } = await from('server/models/golden-images.js');
  const { readContents } = await from('model/digit-models.js');
  const store = new ModelStore(DIR);
  const { versions } = await store.list();
  const networks = noNetworks();
  const load = async (i) => {
    const { version, sha256 } = versions[i % versions.length];
    return loadVersion({ version, sha256 }, await store.openContent(sha256), networks);
  };
  const images = goldenFrames().map(({ content }) => content);
  const live = new LiveModels(await load(0));
  const samples = [];
  for (let swap = 1; swap <= SWAPS; swap++) {
    live.swap(await load(swap));
    await readContents(live.current, images);
    if (swap % (SWAPS / 10) === 0) {
      gc();
      samples.push(Math.round(process.memoryUsage.rss() / 1e5) / 10);
    }
  }
  const open = [networks.classifiers.size, networks.pictures.size];
  live.close();
  console.log(JSON.stringify({ samples, open, left: [networks.classifiers.size, networks.pictures.size] }));
`;

/** @returns memory in MB at each tenth of the swaps, and how many networks were open at the end */
async function swapsOf(swaps: number): Promise<{ samples: number[]; open: number[]; left: number[] }> {
  const dir = join(folder, `store-${swaps}`);
  const store = new ModelStore(dir);
  for (const path of writeMarkedCopies(shippedModelPath(), join(folder, 'copies'), 3)) await store.add(path);
  const constants = { DIST: new URL('../../../dist/', import.meta.url).href, DIR: dir, SWAPS: swaps };
  const head = Object.entries(constants).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', '--input-type=module', '-e', head.join('') + PROGRAM],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('the memory of a process whose models are swapped', () => {
  it('stays as it is, and two versions are open', async () => {
    const { samples, open, left } = await swapsOf(60);
    expect(open).toEqual([2, 1]);
    expect(left).toEqual([0, 0]);
    // The first swaps bring the allocator to what two versions take.
    expect(Math.max(...samples.slice(5)) - samples[4]!).toBeLessThan(15);
  });

  it.skipIf(!runsLong)('stays as it is over 1,000 swaps, in full', async () => {
    const { samples, open } = await swapsOf(1000);
    expect(open).toEqual([2, 1]);
    expect(Math.max(...samples.slice(3)) - samples[2]!).toBeLessThan(20);
  });
});
