import { appendFileSync, renameSync, rmSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stampOf } from '../../../src/batch/inputs/byte-source.js';
import { FrameFiles } from '../../../src/batch/readers/frame-files.js';
import type { FoundFrames } from '../../../src/batch/plan/found-image.js';
import { FRAME_PIXELS } from '../../../src/image/frame.js';
import { testFolder, writeIdx } from '../../helpers/programs/batches.js';

function frameFiles(): FrameFiles {
  const files = new FrameFiles();
  onTestFinished(() => files.close());
  return files;
}

const storedIn = (path: string, places: readonly number[]): FoundFrames => {
  return { path, places: Uint32Array.from(places), pixels: { offset: 16, stamp: stampOf(statSync(path)) } };
};

/** Which frames these are: the first pixel of each. */
const firstPixels = (pixels: Uint8Array): number[] =>
  Array.from({ length: pixels.length / FRAME_PIXELS }, (_, i) => pixels[i * FRAME_PIXELS] ?? -1);

describe('frames that stay in their files', () => {
  it('are taken from there, wherever they lie, many at a time', async () => {
    const folder = testFolder();
    const paths = [writeIdx(folder, 'a.idx', 90), writeIdx(folder, 'b.idx', 90)];
    const files = frameFiles();
    const piece = fc.tuple(fc.nat(1), fc.uniqueArray(fc.nat(89), { maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 4 }), { maxLength: 4 }), async (chunks) => {
        const all = chunks.map(async (pieces) => {
          const found = pieces.map(([file, places]) =>
            storedIn(
              paths[file] ?? '',
              places.toSorted((a, b) => a - b),
            ),
          );
          const expected = found.flatMap(({ places }) => [...places]);
          expect(firstPixels(await files.pixelsOf(found))).toEqual(expected);
        });
        await Promise.all(all);
      }),
      { numRuns: 20 },
    );
  });

  it('lie beside those that are at hand', async () => {
    const path = writeIdx(testFolder(), 'a.idx', 9);
    const here = new Uint8Array(2 * FRAME_PIXELS).fill(200);
    const pieces = [storedIn(path, [3, 4]), { path: '-', places: Uint32Array.of(0, 1), pixels: here }];
    expect(firstPixels(await frameFiles().pixelsOf(pieces))).toEqual([3, 4, 200, 200]);
  });

  it('are refused from a file that has changed, ends, or is gone', async () => {
    const folder = testFolder();
    const path = writeIdx(folder, 'a.idx', 9);
    const before = storedIn(path, [7, 8]);
    appendFileSync(path, 'more');
    await expect(frameFiles().pixelsOf([before])).rejects.toThrow(/has changed while it was read/);
    const now = storedIn(path, [7, 8]);
    const open = frameFiles();
    await open.pixelsOf([now]);
    truncateSync(path, 16 + 8 * FRAME_PIXELS);
    await expect(open.pixelsOf([now])).rejects.toMatchObject({ code: 'invalid_data' });
    rmSync(path);
    await expect(frameFiles().pixelsOf([now])).rejects.toMatchObject({ code: 'missing_file' });
  });

  it('come from the file that was begun, though another has its name since', async () => {
    const folder = testFolder();
    const path = writeIdx(folder, 'a.idx', 9);
    const piece = storedIn(path, [5]);
    const files = frameFiles();
    await files.pixelsOf([piece]);
    const other = writeIdx(folder, 'b.idx', 9);
    utimesSync(other, 1, 1);
    renameSync(other, join(folder, 'a.idx'));
    expect(firstPixels(await files.pixelsOf([piece]))).toEqual([5]);
    await expect(frameFiles().pixelsOf([piece])).rejects.toMatchObject({ code: 'invalid_data' });
  });
});
