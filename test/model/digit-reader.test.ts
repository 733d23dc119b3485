import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawOutliers, OUTLIER_KINDS } from '../../src/evaluation/outliers/kinds.js';
import { InkdigitError, openDigitReader, type DigitReader } from '../../src/index.js';
import { drawDigit, encodeJpeg, encodePng } from '../helpers/digits.js';

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

  it('gives the probability of its answer among those of all ten digits', async () => {
    const [reading] = await reader.read([await encodePng(drawDigit(5))]);
    if (!reading || reading instanceof InkdigitError) throw new Error('expected a reading');
    expect(reading.probabilities.length).toBe(10);
    expect(reading.probability).toBe(reading.probabilities[reading.class]);
    expect(reading.probability).toBe(Math.max(...reading.probabilities));
    expect(reading.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
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

  it('takes no images at all', async () => {
    expect(await reader.read([])).toEqual([]);
  });

  it('says which file is missing', async () => {
    await expect(openDigitReader('none/mnist.onnx')).rejects.toMatchObject({
      code: 'missing_file',
      message: expect.stringContaining('none/mnist.onnx'),
    });
  });
});
