import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  truncateSync,
  writeFileSync,
  appendFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runBatch, type BatchSettings } from '../../src/batch/run-batch.js';
import {
  fakeReader,
  resultRows,
  testBatch,
  testFolder,
  testPlaces,
  writeIdx,
} from '../helpers/programs/batches.js';

/** Ends as a process does that is killed: between two chunks, with whatever was written. */
function killedAfter(chunks: number): Pick<BatchSettings, 'openReader'> {
  let count = 0;
  return {
    openReader: async () =>
      fakeReader(() => {
        if (count++ >= chunks) throw new Error('killed');
      }),
  };
}

/** A run that ends in time, or is killed. */
async function killed(settings: BatchSettings): Promise<void> {
  await runBatch(settings).catch((thrown: unknown) => expect(thrown).toHaveProperty('message', 'killed'));
}

const partsOf = (output: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(output)
      .filter((name) => name.startsWith('part-'))
      .map((name) => [name, readFileSync(join(output, name), 'utf8')]),
  );

const workOf = (output: string): string => join(output, '.batch', 'shard');

describe('a batch', () => {
  it('writes a row for each image, a summary, and that it is done', async () => {
    const folder = testFolder();
    const output = join(folder, 'out');
    mkdirSync(join(folder, 'scans'));
    writeFileSync(join(folder, 'scans', 'a.png'), 'no image');
    const inputs = [writeIdx(folder, 'a.idx', 2500), join(folder, 'scans')];
    const outcome = await runBatch(testBatch(output, inputs));
    const rows = resultRows(output);
    expect(rows.map(({ file }) => file)).toEqual([
      ...Array.from({ length: 2500 }, (_, i) => `${inputs[0]}#${i}`),
      join(folder, 'scans', 'a.png'),
    ]);
    expect(rows[253]).toEqual({ file: `${inputs[0]}#253`, class: 2, probability: 0.5, digit: true });
    const summary = JSON.parse(readFileSync(join(output, 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({ images: 2501, failed: 1, errors: { not_an_image: 1 }, accepted: 2500 });
    expect(summary.files.map((file: { rows: number }) => file.rows)).toEqual([1000, 1000, 501]);
    expect(outcome).toMatchObject({ kind: 'done', wasDone: false, summary: { images: 2501 } });
    // What it needed to go on is not left behind.
    expect(readdirSync(output).toSorted()).toEqual([
      '.batch',
      '_SUCCESS',
      'part-00000.jsonl',
      'part-00001.jsonl',
      'part-00002.jsonl',
      'summary.json',
    ]);
    expect(readdirSync(workOf(output)).toSorted()).toEqual(['identity.json', 'progress.json']);
  });

  it('ends with the same files wherever it was killed, and whatever was torn', async () => {
    const folder = testFolder();
    const inputs = [writeIdx(folder, 'a.idx', 700), writeIdx(folder, 'b.idx', 577)];
    const never = join(folder, 'never');
    await runBatch(testBatch(never, inputs, { identity: { rowsPerFile: 400 } }));
    let number = 0;
    const kills = fc.array(fc.tuple(fc.nat(6), fc.nat(200), fc.boolean()), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(kills, async (all) => {
        const output = join(folder, `killed-${number++}`);
        const again = { resume: true, identity: { rowsPerFile: 400 } };
        for (const [chunks, torn, isGarbage] of all) {
          await killed(testBatch(output, inputs, { ...again, ...killedAfter(chunks) }));
          if (existsSync(join(output, '_SUCCESS'))) break;
          // A machine that lost its power may have lost the end of a file, or have anything in its place.
          for (const name of readdirSync(workOf(output)).filter((file) => file.startsWith('rows-'))) {
            const path = join(workOf(output), name);
            const size = readFileSync(path).length;
            truncateSync(path, Math.max(0, size - torn));
            if (isGarbage) appendFileSync(path, Buffer.alloc(torn));
          }
        }
        await runBatch(testBatch(output, inputs, again));
        expect(partsOf(output)).toEqual(partsOf(never));
      }),
      { numRuns: 6 },
    );
  });

  it('goes on between the file of results and what is kept of it', async () => {
    const folder = testFolder();
    const inputs = [writeIdx(folder, 'a.idx', 5000)];
    const output = join(folder, 'out');
    // More than one chunk, and whole groups: none of its rows is read again.
    const identity = { rowsPerFile: 4608 };
    // What is kept of files cannot be written: the first file is in its place, and not counted.
    const onFound = (): void => void mkdirSync(join(workOf(output), 'progress.json'), { recursive: true });
    const begun = runBatch(testBatch(output, inputs, { identity, onFound }));
    await expect(begun).rejects.toMatchObject({ code: 'invalid_data' });
    rmdirSync(join(workOf(output), 'progress.json'));
    const onProgress = (): void => void mkdirSync(join(workOf(output), 'progress.json'), { recursive: true });
    const cut = runBatch(testBatch(output, inputs, { identity, resume: true, onProgress }));
    await expect(cut).rejects.toMatchObject({ code: 'write_failed' });
    expect(readdirSync(output)).toContain('part-00000.jsonl');
    rmdirSync(join(workOf(output), 'progress.json'));
    const outcome = await runBatch(testBatch(output, inputs, { identity, resume: true }));
    // All rows of the first file were there: no other ones go into it.
    expect(outcome).toMatchObject({ summary: { images: 5000, files: [{ rows: 4608 }, { rows: 392 }] } });
    expect(resultRows(output).map(({ file }) => file)).toEqual(
      Array.from({ length: 5000 }, (_, i) => `${inputs[0]}#${i}`),
    );
  });

  it('reads what the list had, though files were added or removed since', async () => {
    const folder = testFolder();
    const scans = join(folder, 'scans');
    mkdirSync(scans);
    for (let i = 0; i < 200; i++) writeFileSync(join(scans, `${i}.png`), '');
    const output = join(folder, 'out');
    await expect(runBatch(testBatch(output, [scans], killedAfter(2)))).rejects.toThrow('killed');
    for (let i = 0; i < 200; i++) writeFileSync(join(scans, `new-${i}.png`), '');
    await runBatch(testBatch(output, [scans], { resume: true }));
    const names = resultRows(output).map(({ file }) => file);
    expect(names.toSorted()).toEqual(
      Array.from({ length: 200 }, (_, i) => join(scans, `${i}.png`)).toSorted(),
    );
  });

  it('needs a list on standard input once, and refuses other images there', async () => {
    const folder = testFolder();
    const lines = Array.from({ length: 150 }, (_, i) => `${i}.png\n`).join('');
    const output = join(folder, 'out');
    const piped = { places: testPlaces([Buffer.from(lines)]) };
    await expect(runBatch(testBatch(output, ['-'], { ...piped, ...killedAfter(1) }))).rejects.toThrow(
      'killed',
    );
    await runBatch(testBatch(output, ['-'], { resume: true }));
    expect(resultRows(output)).toHaveLength(150);

    const other = join(folder, 'other');
    const idx = readFileSync(writeIdx(folder, 'a.idx', 1500));
    const first = { places: testPlaces([idx]), ...killedAfter(1) };
    await expect(runBatch(testBatch(other, ['-'], first))).rejects.toThrow('killed');
    const shorter = readFileSync(writeIdx(folder, 'b.idx', 100));
    const second = { places: testPlaces([shorter]), resume: true };
    await expect(runBatch(testBatch(other, ['-'], second))).rejects.toThrow(
      /1000 images have their rows already/,
    );
    await runBatch(testBatch(other, ['-'], { places: testPlaces([idx]), resume: true }));
    expect(resultRows(other)).toHaveLength(1500);
  });

  it('refuses a file that has changed meanwhile', async () => {
    const folder = testFolder();
    const inputs = [writeIdx(folder, 'a.idx', 1500)];
    const output = join(folder, 'out');
    await expect(runBatch(testBatch(output, inputs, killedAfter(1)))).rejects.toThrow('killed');
    writeIdx(folder, 'a.idx', 1499);
    await expect(runBatch(testBatch(output, inputs, { resume: true }))).rejects.toThrow(/has changed since/);
  });

  it('is not begun over results, nor gone on with another model, options or inputs', async () => {
    const folder = testFolder();
    const inputs = [writeIdx(folder, 'a.idx', 100)];
    const output = join(folder, 'out');
    await runBatch(testBatch(output, inputs));
    const before = partsOf(output);
    await expect(runBatch(testBatch(output, inputs))).rejects.toMatchObject({ code: 'file_exists' });
    const resume = true;
    const others: Partial<BatchSettings['identity']>[] = [
      { model: { name: 'fake', sha256: 'def' } },
      { version: '1.2.4' },
      { inputs: ['b.idx'] },
      { format: 'csv' },
      { rowsPerFile: 10 },
      { options: { normalize: 'always' } },
    ];
    for (const identity of others) {
      await expect(runBatch(testBatch(output, inputs, { resume, identity }))).rejects.toMatchObject({
        code: 'invalid_option',
        message: expect.stringContaining('was begun otherwise: '),
      });
    }
    expect(await runBatch(testBatch(output, inputs, { resume }))).toMatchObject({
      kind: 'done',
      wasDone: true,
    });
    expect(partsOf(output)).toEqual(before);
    const shorter = [writeIdx(folder, 'b.idx', 10)];
    await runBatch(testBatch(output, shorter, { force: true }));
    expect(resultRows(output)).toHaveLength(10);
  });

  it('ends where more images failed than may, and goes on with a larger number', async () => {
    const folder = testFolder();
    const scans = join(folder, 'scans');
    mkdirSync(scans);
    for (let i = 0; i < 300; i++) writeFileSync(join(scans, `${i}.png`), '');
    const output = join(folder, 'out');
    const outcome = await runBatch(testBatch(output, [scans], { maxErrors: 100 }));
    expect(outcome).toMatchObject({ kind: 'too many errors', tally: { images: 128, failed: 128 } });
    expect(existsSync(join(output, '_SUCCESS'))).toBe(false);
    await runBatch(testBatch(output, [scans], { maxErrors: 300, resume: true }));
    expect(resultRows(output)).toHaveLength(300);
  });

  it('shares its images among shards, of which the last one to end says that all is done', async () => {
    const folder = testFolder();
    const scans = join(folder, 'scans');
    mkdirSync(scans);
    for (let i = 0; i < 60; i++) writeFileSync(join(scans, `${i}.png`), '');
    const inputs = [scans, writeIdx(folder, 'a.idx', 900)];
    const output = join(folder, 'out');
    for (const index of [2, 0, 1]) {
      expect(existsSync(join(output, '_SUCCESS'))).toBe(false);
      const shard = { index, count: 3 };
      const cut = { shard, resume: true, identity: { shards: 3 } };
      await expect(runBatch(testBatch(output, inputs, { ...cut, ...killedAfter(1) }))).rejects.toThrow(
        'killed',
      );
      await runBatch(testBatch(output, inputs, cut));
    }
    const files = resultRows(output).map(({ file }) => file);
    expect(files).toHaveLength(960);
    expect(new Set(files).size).toBe(960);
    const summary = JSON.parse(readFileSync(join(output, 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({ images: 960, failed: 60, accepted: 900 });
    expect(summary.files).toHaveLength(3);
    expect(existsSync(join(output, '_SUCCESS'))).toBe(true);
    // Shards of two batches do not mix.
    const other = { shard: { index: 0, count: 4 }, identity: { shards: 4 } };
    await expect(runBatch(testBatch(output, inputs, other))).rejects.toThrow(/number of shards was 3, is 4/);
  });

  it('stops when it is told to', async () => {
    const folder = testFolder();
    const inputs = [writeIdx(folder, 'a.idx', 5000)];
    const output = join(folder, 'out');
    const stop = new AbortController();
    const onProgress: BatchSettings['onProgress'] = ({ done }) => done >= 2000 && stop.abort();
    const outcome = await runBatch(testBatch(output, inputs, { signal: stop.signal, onProgress }));
    expect(outcome).toMatchObject({ kind: 'stopped', tally: { images: 2000 } });
    await runBatch(testBatch(output, inputs, { resume: true }));
    expect(resultRows(output)).toHaveLength(5000);
  });
});
