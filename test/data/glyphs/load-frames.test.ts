import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { framesOfGlyphs, loadFrameSets } from '../../../src/data/glyphs/load-frames.js';
import type { LoadGlyphsSettings } from '../../../src/data/glyphs/load-glyphs.js';
import { DATASETS } from '../../../src/data/datasets/registry.js';
import { frameAt } from '../../../src/image/frame.js';
import { isFrame } from '../../../src/image/normalize/is-frame.js';
import { idxFile } from '../mnist/idx-files.js';
import { fileOf } from '../datasets/made-files.js';

let folder: string;
let datasets: NonNullable<LoadGlyphsSettings['datasets']>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-frames-'));
  const files = Object.entries({ ...squares('optdigits-tra', 24), ...squares('optdigits-tes', 12) });
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  const optdigits = { ...DATASETS.optdigits, files: files.map(([name, content]) => fileOf(name, content)) };
  datasets = { ...DATASETS, optdigits };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Pictures of 32 pixels: a bar down and a bar across, whose place tells one from another. */
function squares(name: string, count: number): Record<string, Uint8Array> {
  const masks = new Uint8Array(count * 1024);
  for (let i = 0; i < count; i++) {
    for (let y = 2; y < 30; y++) masks.fill(255, i * 1024 + y * 32 + 8, i * 1024 + y * 32 + 12);
    masks.fill(255, i * 1024 + (4 + (i % 20)) * 32 + 8, i * 1024 + (4 + (i % 20)) * 32 + 24);
  }
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  return {
    [`${name}-images-idx3-ubyte`]: idxFile([count, 32, 32], masks),
    [`${name}-labels-idx1-ubyte`]: idxFile([count], labels),
  };
}

describe('loadFrameSets', () => {
  it('gives the glyphs of a set as frames, split as they are, and digests of its files', async () => {
    const { sets, digests } = await loadFrameSets(['mnist', 'optdigits'], {
      datasetsDir: folder,
      datasets,
      env: {},
    });
    expect(sets.map(({ name }) => name)).toEqual(['optdigits']);
    const [{ training, validation } = { training: null, validation: null }] = sets;
    expect([training?.labels.length, validation?.labels.length]).toEqual([30, 6]);
    expect([...(validation?.labels ?? [])]).toEqual([0, 1, 2, 3, 0, 1]);
    expect(Object.keys(digests).length).toBe(4);
    for (let i = 0; i < 30; i++) {
      const data = training && frameAt(training.frames, i);
      expect(data && isFrame({ width: 28, height: 28, data })).toBe(true);
    }
  });
});

describe('framesOfGlyphs', () => {
  it('makes a frame as MNIST has them of any stroke, and the same of it wherever it lies', () => {
    fc.assert(
      fc.property(
        fc.record({
          left: fc.integer({ min: 0, max: 20 }),
          top: fc.integer({ min: 0, max: 4 }),
          width: fc.integer({ min: 4, max: 20 }),
        }),
        ({ left, top, width }) => {
          const glyph = (x0: number, y0: number): Uint8Array => {
            const mask = new Uint8Array(48 * 48);
            for (let y = y0; y < y0 + 40; y++) mask.fill(255, y * 48 + x0, y * 48 + x0 + width);
            return mask;
          };
          const masks = new Uint8Array([...glyph(0, 0), ...glyph(left, top)]);
          const labels = Uint8Array.of(1, 1);
          const { frames } = framesOfGlyphs({ side: 48, masks, labels, weights: Float32Array.of(1, 1) });
          const first = frameAt(frames, 0);
          expect(isFrame({ width: 28, height: 28, data: first })).toBe(true);
          expect(frameAt(frames, 1)).toEqual(first);
        },
      ),
    );
  });
});
