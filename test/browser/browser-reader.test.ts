import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openDigitReader,
  type BrowserDigitReader,
  type ModelRole,
  type PixelImage,
} from '../../src/browser/browser.js';
import { placeDigit } from '../../src/image/view/place.js';
import { MODEL_NAMES } from '../../src/browser/model-names.js';
import { openDigitReader as openWithOnnxRuntime, type DigitReader } from '../../src/model/digit-reader.js';
import { readNumber } from '../../src/model/read-number.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bytesOf = (role: ModelRole): Uint8Array => readFileSync(`${root}/models/${MODEL_NAMES[role]}`);
const models = {
  frames: bytesOf('frames'),
  finder: bytesOf('finder'),
  reader: bytesOf('reader'),
  thumbnail: bytesOf('thumbnail'),
  detector: bytesOf('detector'),
  verifier: bytesOf('verifier'),
};

/** What a browser would decode. */
async function pixelsOf(bytes: Uint8Array): Promise<PixelImage> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

const sample = (name: string): Uint8Array => readFileSync(`${root}/examples/${name}`);

describe('openDigitReader of inkdigit/browser', () => {
  let reader: BrowserDigitReader;
  let expected: DigitReader;
  beforeAll(async () => {
    reader = await openDigitReader({ models });
    expected = await openWithOnnxRuntime();
  });
  afterAll(async () => {
    await reader.close();
    await expected.close();
  });

  it.each(['digits/7.png', 'digits/5-wide.png', 'numbers/2047.png'])(
    'reads %s as ONNX Runtime does',
    async (name) => {
      const own = await reader.read(await pixelsOf(sample(name)));
      const other = await expected.read(sample(name));
      if (!own.ok || !other.ok) throw new Error('one of them did not read it');
      expect({ ...own, probabilities: [], probability: 0 }).toEqual({
        ...other,
        probabilities: [],
        probability: 0,
      });
      own.probabilities.forEach((value, digit) =>
        expect(value).toBeCloseTo(other.probabilities[digit] ?? NaN, 5),
      );
    },
  );

  it('reads numbers as ONNX Runtime does', async () => {
    const own = await reader.readNumber(await pixelsOf(sample('numbers/0472.png')), { length: 4 });
    const other = await readNumber(sample('numbers/0472.png'), { length: 4 });
    expect([own.text, own.accepted]).toEqual(['0472', true]);
    expect(own.digits).toHaveLength(other.digits.length);
    // Sides are whole pixels: what is between two of them may be either.
    own.digits.forEach(({ box }, i) =>
      box.forEach((side, at) =>
        expect(Math.abs(side - (other.digits[i]?.box[at] ?? NaN))).toBeLessThanOrEqual(1),
      ),
    );
  });

  it('says what is wrong with pixels that are none, and reads the others', async () => {
    const seven = await pixelsOf(sample('digits/7.png'));
    const bad = { width: 3, height: 3, data: new Uint8Array(10) };
    const large = { width: 10_000, height: 10_000, data: { length: 100_000_000 } };
    const results = await reader.readAll([bad, seven]);
    expect(results.map((result) => (result.ok ? result.class : result.error.code))).toEqual([
      'not_an_image',
      7,
    ]);
    expect(results[0]).toMatchObject({
      error: { message: 'Expected 1 to 4 bytes for each of width x height pixels, got 10 for 3 x 3.' },
    });
    // Node has nothing that decodes images.
    await expect(reader.read(large)).rejects.toMatchObject({ code: 'unsupported' });
    await expect(reader.read(new Blob(['no image']))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('ends when it is told to', async () => {
    const seven = await pixelsOf(sample('digits/7.png'));
    const reason = new Error('enough');
    await expect(reader.read(seven, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(reader.readNumber(seven, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('loads each model when it is first needed, once, and tries again after a failure', async () => {
    const asked: string[] = [];
    let isThere = false;
    const lazy = await openDigitReader({
      models: 'https://example.org/models/',
      isLazy: true,
      fetch: async (address) => {
        asked.push(
          (address instanceof Request ? address.url : address.toString()).replace(
            'https://example.org/models/',
            '',
          ),
        );
        const role = (Object.keys(MODEL_NAMES) as ModelRole[]).find(
          (one) => MODEL_NAMES[one] === asked.at(-1),
        );
        return isThere && role ? new Response(bytesOf(role)) : new Response('', { status: 404 });
      },
    });
    const ink = await sharp(sample('digits/7.png')).grayscale().raw().toBuffer();
    const frame = placeDigit({ width: 28, height: 28, data: Uint8Array.from(ink) });
    const seven = { width: 28, height: 28, data: frame };
    await expect(lazy.read(seven)).rejects.toMatchObject({
      code: 'missing_file',
      message: expect.stringMatching(
        /mnist\.int8\.onnx: the answer is 404.*openDigitReader\(\{ models: ADDRESS \}\)/,
      ),
    });
    isThere = true;
    for (let time = 0; time < 2; time++) expect(await lazy.read(seven)).toMatchObject({ ok: true, class: 7 });
    expect(asked).toEqual(['mnist.int8.onnx', 'mnist.int8.onnx']);
    expect(await lazy.read(await pixelsOf(sample('digits/5-wide.png')))).toMatchObject({
      ok: true,
      class: 5,
    });
    expect(asked.slice(2).toSorted()).toEqual(['finder.int8.onnx', 'reader.int8.onnx']);
    await lazy.close();
    await expect(lazy.read(seven)).rejects.toThrow(/this one is closed/);
  });

  it('is small: 25 kB of code, 480 kB of the model of frames', async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: [`${root}/src/browser/browser.ts`],
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      // What is imported when it is needed is a file of its own.
      splitting: true,
      outdir: '.',
      metafile: true,
      write: false,
    });
    // What is imported by statements, not when it is needed, from the entry on.
    const atOnce = new Set(Object.keys(metafile.outputs).filter((path) => path.endsWith('browser.js')));
    for (const path of atOnce) {
      for (const { path: imported, kind } of metafile.outputs[path]?.imports ?? []) {
        if (kind === 'import-statement') atOnce.add(imported);
      }
    }
    expect(atOnce.size).toBeLessThan(outputFiles.length);
    const bytes = outputFiles
      .filter(({ path }) => atOnce.has(basename(path)))
      .reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(25_000);
    // Nothing of Node, and nothing that a strict policy forbids.
    for (const { text } of outputFiles)
      expect(text).not.toMatch(/\bnode:|\brequire\(|\beval\(|new Function|WebAssembly/);
    expect(models.frames.length).toBeLessThanOrEqual(480_000);
  });
});
