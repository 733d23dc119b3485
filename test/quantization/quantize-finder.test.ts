import { describe, expect, it } from 'vitest';
import { encodeBox, FINDER_OUTPUTS } from '../../src/image/view/finder-cells.js';
import { compareFinders, quantizeFinder } from '../../src/quantization/quantize-finder.js';
import { exportModel } from '../../src/network/export.js';
import { findAll, measureFinder, openFinder } from '../../src/evaluation/measure-finder.js';
import { overviewsToCalibrateOn, overviewsToChooseBy } from '../../src/training/scenes/scene-sets.js';
import { fakePainter } from '../helpers/fake-painter.js';
import { madeUpWeights, smallFinderPlan } from './networks.js';

describe('quantizeFinder', () => {
  it('quantizes a finder to int8 that answers much the same', async () => {
    const plan = smallFinderPlan();
    const weights = madeUpWeights(plan);
    const reference = await openFinder(exportModel(plan, weights));
    const validation = overviewsToChooseBy(fakePainter(), 40);
    const result = await quantizeFinder(
      { plan, weights },
      { calibration: overviewsToCalibrateOn(fakePainter(), 20), validation, reference },
    );
    const finder = await openFinder(result.model);
    const integers = await findAll(finder, validation);
    const floats = await findAll(reference, validation);
    const power = floats.reduce((sum, value) => sum + value ** 2, 0);
    const error = floats.reduce((sum, value, i) => sum + (value - integers[i]!) ** 2, 0);
    expect(Math.sqrt(error / power)).toBeLessThan(0.05);
    expect(result).toMatchObject({
      digitThreshold: 0,
      validation: measureFinder(integers, validation),
      reference: measureFinder(floats, validation),
      ...compareFinders(integers, floats, validation),
    });
    expect(result.agreeing).toBeGreaterThan(30);
    await Promise.all([reference.close(), finder.close()]);
  });
});

describe('compareFinders', () => {
  /** What a finder answers that sees a box in a cell. */
  function answer(
    cell: number,
    box: { x: number; y: number; width: number; height: number },
  ): readonly number[] {
    const values = Array.from({ length: FINDER_OUTPUTS }, () => 0);
    values[36 + cell] = 3;
    encodeBox(box, cell).forEach((value, i) => (values[(2 + i) * 36 + cell] = value));
    return values;
  }
  const box = { x: 20, y: 30, width: 24, height: 40 };
  const moved = { x: 22, y: 30, width: 24, height: 41 };

  it('counts pictures with a digit that both see in one cell, and measures how far apart their boxes are', () => {
    const targets = Float32Array.from(
      [
        answer(20, box),
        answer(21, box),
        answer(20, box),
        Array.from({ length: FINDER_OUTPUTS }, () => 0),
      ].flat(),
    );
    const expected = Float32Array.from(
      [answer(20, box), answer(21, box), answer(20, box), answer(3, box)].flat(),
    );
    const found = Float32Array.from(
      [answer(20, moved), answer(20, box), answer(20, box), answer(3, moved)].flat(),
    );
    const { agreeing, boxShift } = compareFinders(found, expected, { count: 4, targets });
    expect(agreeing).toBe(2);
    // Of the first picture left and right edge are 2 pixels away, and the lower one 1; of the third none is.
    expect(boxShift).toBeCloseTo((2 + 2 + 1) / 4 / 2, 4);
  });

  it('gives no shift where they never agree', () => {
    const targets = Float32Array.from(answer(20, box));
    const [found, expected] = [Float32Array.from(answer(19, box)), Float32Array.from(answer(20, box))];
    expect(compareFinders(found, expected, { count: 1, targets })).toEqual({ agreeing: 0, boxShift: 0 });
  });
});
