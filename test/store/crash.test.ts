import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelStore, type StoreListing } from '../../src/store/model-store.js';
import { quickFolder } from '../helpers/surroundings/quick-folder.js';
import { writeFakeModel } from '../helpers/models/store-models.js';

let folder: string;
/** The store in one file: what is killed dozens of times shall start at once. */
let program: string;
beforeAll(async () => {
  folder = quickFolder('crash');
  program = join(folder, 'store.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../../src/store/model-store.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Does something to a store in a process that kills itself before a step. @returns the steps that it took */
function performKilled(dir: string, what: string, killAt: number): string[] {
  const script = `
    import { writeSync } from 'node:fs';
    const { ModelStore } = await import(${JSON.stringify(pathToFileURL(program).href)});
    let steps = 0;
    const onStep = (step) => {
      if (steps++ === ${killAt}) process.kill(process.pid, 'SIGKILL');
      writeSync(1, step + '\\n');
    };
    const store = new ModelStore(${JSON.stringify(dir)}, { onStep });
    await ${what};`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('a process that is killed while it changes a store', () => {
  it('leaves it as it was or as it was to be, and others go on at once', async () => {
    const added = writeFakeModel(join(folder, 'new'), 'new');
    const [first, second] = ['first', 'second'].map((name) => writeFakeModel(join(folder, name), name));
    const seen = new Set<string>();
    for (const [what, isDone] of [
      [`add(${JSON.stringify(added)})`, ({ versions }: StoreListing) => versions.length === 3],
      ['use(2)', ({ current }: StoreListing) => current?.version === 2],
      ['remove(2)', ({ versions }: StoreListing) => versions.length === 1],
    ] as const) {
      for (let killAt = 0; ; killAt++) {
        const dir = join(folder, `${what.slice(0, 3)}-${killAt}`);
        const store = new ModelStore(dir);
        await store.add(first!);
        await store.add(second!);
        await store.use(1);
        const steps = performKilled(dir, `store.${what}`, killAt);
        const listing = await store.list();
        const { versions, current } = listing;
        for (const { version } of versions) await store.read(version);
        if (!isDone(listing)) expect([versions.length, current?.version]).toEqual([2, 1]);
        // The lock of the dead process is broken, and what it left is cleared.
        await store.use(1);
        expect(readdirSync(join(dir, 'store'))).toHaveLength(versions.length);
        for (const step of steps) seen.add(step);
        if (steps.length >= killAt) continue;
        expect(isDone(listing)).toBe(true);
        break;
      }
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(['publish', 'append to the log', 'flip the pointer', 'delete']),
    );
  });

  it('may be one of several that add at once: each version has a number of its own', async () => {
    const dir = join(folder, 'together');
    const models = ['p', 'q', 'r'].map((name) => writeFakeModel(join(folder, name), name));
    const stores = models.map(() => new ModelStore(dir));
    const added = await Promise.all(stores.map((store, i) => store.add(models[i]!)));
    expect(added.map(({ version }) => version.version).toSorted()).toEqual([1, 2, 3]);
    expect((await new ModelStore(dir).list()).versions).toHaveLength(3);
  });
});
