import { describe, expect, it } from 'vitest';
import { createRandom, normal } from '../../src/random.js';
import { cellCount, outputCount, planeIndex } from '../../src/image/view/cell-grid.js';
import { DETECTOR } from '../../src/image/view/detector-cells.js';
import { measureGrid } from '../../src/evaluation/measure-grid.js';
import { planNetwork } from '../../src/network/network.js';
import { gridPicturesToChooseBy } from '../../src/training/scenes/scene-sets.js';
import { buildTrainingGraph } from '../../src/training/graph/training-graph.js';
import { fakePainter } from '../helpers/models/fake-painter.js';
import { runModel } from '../helpers/models/run-model.js';

const COUNT = 8;
const overviews = gridPicturesToChooseBy(fakePainter(), 'overview', COUNT);

describe('measureGrid', () => {
  it('gives the loss that a finder is trained on', async () => {
    const plan = planNetwork({
      name: 'tiny finder',
      shown: 'overview',
      layers: [
        { kind: 'conv', channels: 6, kernel: 16, stride: 16, padding: 0, bias: true },
        { kind: 'flatten' },
      ],
    });
    const random = createRandom(3);
    const { model, parameterNumbers } = buildTrainingGraph(plan, COUNT);
    const input = (shape: number[], data: ArrayLike<number>): { shape: number[]; data: Float32Array } => ({
      shape,
      data: Float32Array.from(data),
    });
    const { loss, logits } = await runModel(model, {
      image: input(
        [COUNT, 1, 96, 96],
        Array.from(overviews.pixels, (level) => level / 255),
      ),
      target: input([COUNT, 216], overviews.targets),
      weight: input([COUNT, 216], overviews.weights),
      parameters: input(
        [parameterNumbers.length],
        Array.from({ length: parameterNumbers.length }, () => 0.3 * normal(random)),
      ),
    });
    const metrics = measureGrid(logits ?? new Float32Array(), overviews);
    expect(metrics.loss).toBeCloseTo(loss?.[0] ?? NaN, 3);
  });

  it('counts the pictures in which the likeliest cell of the second plane is that of the digit', () => {
    const found = Float32Array.from(overviews.targets);
    // One is sure of another cell; a larger logit in the first plane does not count.
    const truth = found.subarray(36, 72).indexOf(1);
    found[36 + ((truth + 1) % 36)] = 2;
    found[216 + 5] = 9;
    expect(measureGrid(found, overviews)).toMatchObject({ count: COUNT, correct: COUNT - 1 });
  });

  it('asks for no cell in a picture without the digit', () => {
    const targets = Float32Array.from(overviews.targets).fill(0, 36, 72);
    const { count, accuracy } = measureGrid(overviews.targets, { ...overviews, targets });
    expect([count, accuracy]).toEqual([COUNT - 1, 1]);
  });

  it('counts the digits that a detector has as the likeliest in their cell, and as likely', () => {
    const outputs = outputCount(DETECTOR);
    const targets = new Float32Array(2 * outputs);
    const at = (picture: number, digit: number, cell: number): number =>
      picture * outputs + planeIndex(DETECTOR, digit, cell);
    const answers = new Float32Array(2 * outputs).fill(-5);
    for (const [picture, digit, cell] of [
      [0, 3, 10],
      [0, 3, 11],
      [1, 9, cellCount(DETECTOR) - 1],
      [1, 0, 7],
    ] as const) {
      targets[at(picture, digit, cell)] = 1;
      answers[at(picture, digit, cell)] = 2;
    }
    const pictures = { grid: DETECTOR, count: 2, targets, weights: new Float32Array(2 * outputs) };
    expect(measureGrid(answers, pictures)).toMatchObject({ count: 4, correct: 4 });
    // Another digit is likelier in one cell, and in another cell none is likely.
    answers[at(0, 5, 10)] = 3;
    answers[at(1, 0, 7)] = -1;
    expect(measureGrid(answers, pictures)).toMatchObject({ count: 4, correct: 2, accuracy: 0.5 });
  });
});
