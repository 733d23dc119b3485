import { describe, expect, it } from 'vitest';
import { encodeBox } from '../../src/image/view/cell-grid.js';
import { FINDER, FINDER_OUTPUTS } from '../../src/image/view/finder-cells.js';
import { compareAnswers, quantizeGridNetwork } from '../../src/quantization/quantize-grid.js';
import { exportModel } from '../../src/network/export.js';
import { answersTo, measureGrid, openGridNetwork } from '../../src/evaluation/measure-grid.js';
import { gridPicturesToCalibrateOn, gridPicturesToChooseBy } from '../../src/training/scenes/scene-sets.js';
import { fakePainter } from '../helpers/models/fake-painter.js';
import { madeUpWeights, smallFinderPlan } from './networks.js';

describe('quantizeGridNetwork', () => {
  it('quantizes a finder to int8 that answers much the same', async () => {
    const plan = smallFinderPlan();
    const weights = madeUpWeights(plan);
    const reference = await openGridNetwork(FINDER, exportModel(plan, weights));
    const validation = gridPicturesToChooseBy(fakePainter(), 'overview', 40);
    const result = await quantizeGridNetwork(
      { plan, weights },
      { calibration: gridPicturesToCalibrateOn(fakePainter(), 'overview', 20), validation, reference },
    );
    const finder = await openGridNetwork(FINDER, result.model);
    const integers = await answersTo(finder, validation);
    const floats = await answersTo(reference, validation);
    const power = floats.reduce((sum, value) => sum + value ** 2, 0);
    const error = floats.reduce((sum, value, i) => sum + (value - integers[i]!) ** 2, 0);
    expect(Math.sqrt(error / power)).toBeLessThan(0.05);
    expect(result).toMatchObject({
      digitThreshold: 0,
      validation: measureGrid(integers, validation),
      reference: measureGrid(floats, validation),
      ...compareAnswers(integers, floats, validation),
    });
    expect(result.agreeing).toBeGreaterThan(30);
    await Promise.all([reference.close(), finder.close()]);
  });
});

describe('compareAnswers', () => {
  /** What a finder answers that sees a box in a cell. */
  function answer(
    cell: number,
    box: { x: number; y: number; width: number; height: number },
  ): readonly number[] {
    const values = Array.from({ length: FINDER_OUTPUTS }, () => 0);
    values[36 + cell] = 1;
    encodeBox(FINDER, box, cell).forEach((value, i) => (values[(2 + i) * 36 + cell] = value));
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
    const { agreeing, boxShift } = compareAnswers(found, expected, { grid: FINDER, count: 4, targets });
    expect(agreeing).toBe(2);
    // Of the first picture left and right edge are 2 pixels away, and the lower one 1; of the third none is.
    expect(boxShift).toBeCloseTo((2 + 2 + 1) / 4 / 2, 4);
  });

  it('gives no shift where they never agree', () => {
    const targets = Float32Array.from(answer(20, box));
    const [found, expected] = [Float32Array.from(answer(19, box)), Float32Array.from(answer(20, box))];
    expect(compareAnswers(found, expected, { grid: FINDER, count: 1, targets })).toEqual({
      agreeing: 0,
      boxShift: 0,
    });
  });
});
