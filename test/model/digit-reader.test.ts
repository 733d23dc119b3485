import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawOutliers, OUTLIER_KINDS } from '../../src/evaluation/outliers/kinds.js';
import { InkdigitError, openDigitReader, type DigitReader } from '../../src/index.js';
import { drawDigit, encodeJpeg, encodePng } from '../helpers/data/digits.js';
import { writeTinyModel } from '../helpers/models/tiny-model.js';
import { markedPicture, writeTinyPictureModels } from '../helpers/models/tiny-picture-models.js';

const EXAMPLES = new URL('../../examples/digits/', import.meta.url);

describe('openDigitReader', () => {
  let reader: DigitReader;
  beforeAll(async () => {
    reader = await openDigitReader();
  });
  afterAll(() => reader.close());

  it('reads image files in their order, with a bad one between them', async () => {
    const [three, junk, eight] = await reader.read([
      await encodePng(drawDigit(3)),
      Buffer.from('not a picture'),
      await encodeJpeg(drawDigit(8, { width: 200, height: 200, ink: 20, background: 240 })),
    ]);
    expect(three).toMatchObject({ class: 3 });
    expect(eight).toMatchObject({ class: 8 });
    expect(junk).toBeInstanceOf(InkdigitError);
    expect(junk).toMatchObject({ code: 'not_an_image' });
  });

  it('reads the sample digits, each named after what it shows', async () => {
    const names = readdirSync(EXAMPLES).filter((name) => /\.(png|jpg)$/.test(name));
    for (let digit = 0; digit < 10; digit++) expect(names).toContain(`${digit}.png`);
    const readings = await reader.read(names.map((name) => readFileSync(new URL(name, EXAMPLES))));
    const found = readings.map((reading) => (reading instanceof InkdigitError ? reading : reading.class));
    expect(found).toEqual(names.map((name) => Number(name[0])));
  });

  it('gives the probability of its answer among those of all ten digits', async () => {
    const [reading] = await reader.read([await encodePng(drawDigit(5))]);
    if (!reading || reading instanceof InkdigitError) throw new Error('expected a reading');
    expect(reading.probabilities.length).toBe(10);
    expect(reading.probability).toBe(reading.probabilities[reading.class]);
    expect(reading.probability).toBe(Math.max(...reading.probabilities));
    // What they lack to 1 is the probability that it is none.
    const sum = reading.probabilities.reduce((a, b) => a + b, 0);
    expect(sum).toBeGreaterThan(0.9);
    expect(sum).toBeLessThan(1 + 1e-5);
  });

  it('knows a digit, and pictures of none, though it never saw their like', async () => {
    const digits = Array.from({ length: 10 }, (_, digit) => drawDigit(digit));
    const others = OUTLIER_KINDS.flatMap((kind) => {
      const { pixels } = drawOutliers(kind, 5);
      return Array.from({ length: 5 }, (_, i) => pixels.subarray(i * 784, (i + 1) * 784));
    }).map((data) => ({ width: 28, height: 28, channels: 1 as const, data }));
    const areDigits = async (pictures: typeof others): Promise<boolean[]> => {
      const files = await Promise.all(pictures.map((picture) => encodePng(picture)));
      return (await reader.read(files, { normalize: 'never' })).map((reading) => {
        if (reading instanceof InkdigitError) throw reading;
        return reading.digit;
      });
    };
    expect(
      await areDigits(digits.map(({ data }) => ({ width: 28, height: 28, channels: 1, data }))),
    ).not.toContain(false);
    const taken = (await areDigits(others)).filter((digit) => digit);
    expect(taken.length).toBeLessThanOrEqual(0.15 * others.length);
  });

  it(
    'reads pictures by the networks that lie beside a model, frames by the model, and says what cannot be ' +
      'read',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'inkdigit-reader-'));
      const path = writeTinyModel(folder);
      writeTinyPictureModels(path);
      const own = await openDigitReader(path);
      const frame = Uint8Array.from({ length: 784 }, (_, i) => (i === 6 ? 250 : 0));
      const files = [
        await encodePng(markedPicture(20, [[1, 4, 'upper']])),
        Buffer.from('not a picture'),
        await encodePng(markedPicture(20, [[3, 3, 'lower']])),
        await encodePng({ width: 28, height: 28, channels: 1, data: frame }),
      ];
      expect(await own.read(files)).toMatchObject([
        { class: 4, digit: true, box: [70, 10, 40, 40] },
        { code: 'not_an_image' },
        { class: 5, digit: true, box: [50, 50, 40, 40] },
        { box: [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)] },
      ]);
      const [, , whole, read] = await own.read(files, { normalize: 'never' });
      expect(whole).not.toHaveProperty('box');
      expect(read).toMatchObject({ class: 6 });
      expect(read).not.toHaveProperty('box');
      await own.close();
      rmSync(folder, { recursive: true });
    },
  );

  it('reads more pictures than one inference takes, each as it would alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkdigit-reader-'));
    const path = writeTinyModel(folder);
    writeTinyPictureModels(path);
    const own = await openDigitReader(path);
    const four = await encodePng(markedPicture(10, [[2, 2, 'upper']]));
    const five = await encodePng(markedPicture(10, [[2, 2, 'lower']]));
    const files = Array.from({ length: 70 }, (_, i) => (i % 3 === 0 ? four : five));
    const readings = await own.read(files);
    expect(readings.map((reading) => (reading instanceof InkdigitError ? reading : reading.class))).toEqual(
      files.map((file) => (file === four ? 4 : 5)),
    );
    await own.close();
    rmSync(folder, { recursive: true });
  });

  it('takes no images at all', async () => {
    expect(await reader.read([])).toEqual([]);
    expect(await reader.readAll([])).toEqual([]);
  });

  it('reads one image, and says by `ok` whether it could', async () => {
    const seven = await reader.read(await encodePng(drawDigit(7)));
    expect(seven).toMatchObject({ ok: true, class: 7, digit: true });
    const junk = await reader.read(Buffer.from('not a picture'));
    expect(junk).toMatchObject({ ok: false, error: { code: 'not_an_image' } });
    expect(junk.ok || junk.error).toBeInstanceOf(InkdigitError);
  });

  it('reads all images as it reads each alone, a bad one between them', async () => {
    const files = [await encodePng(drawDigit(3)), Buffer.from('junk'), await encodePng(drawDigit(8))];
    const together = await reader.readAll(files, { normalize: 'never' });
    expect(together.map((result) => (result.ok ? result.class : result.error.code))).toEqual([
      3,
      'not_an_image',
      8,
    ]);
    for (const [i, file] of files.entries()) {
      const alone = await reader.read(file, { normalize: 'never' });
      expect(alone).toMatchObject(together[i]?.ok === true ? { class: together[i].class } : { ok: false });
    }
  });

  it('stops when its signal is aborted, and throws the reason', async () => {
    const stop = new AbortController();
    const file = await encodePng(drawDigit(3));
    // Between an image and the next of the same call.
    const images = [file, file];
    Object.defineProperty(images, 1, {
      get() {
        stop.abort(new Error('enough'));
        return file;
      },
    });
    for (const read of [reader.readAll(images, stop), reader.read(images, stop), reader.read(file, stop)]) {
      await expect(read).rejects.toThrow('enough');
    }
    const refusal = new InkdigitError('client_gone', 'gone');
    await expect(reader.read(file, { signal: AbortSignal.abort(refusal) })).rejects.toBe(refusal);
  });

  it('is closed once, by whatever asks for it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkdigit-reader-'));
    const own = await openDigitReader(writeTinyModel(folder));
    await own.close();
    await own[Symbol.asyncDispose]();
    await own.close();
    rmSync(folder, { recursive: true });
  });

  it('says which file is missing', async () => {
    await expect(openDigitReader('none/mnist.onnx')).rejects.toMatchObject({
      code: 'missing_file',
      message: expect.stringContaining('none/mnist.onnx'),
    });
  });
});
