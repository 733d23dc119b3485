import { describe, expect, it } from 'vitest';
import { createRandom, normal } from '../../src/random.js';
import { measureFinder } from '../../src/evaluation/measure-finder.js';
import { planNetwork } from '../../src/network/network.js';
import { overviewsToChooseBy } from '../../src/training/scenes/scene-sets.js';
import { buildTrainingGraph } from '../../src/training/graph/training-graph.js';
import { fakePainter } from '../helpers/fake-painter.js';
import { runModel } from '../helpers/run-model.js';

const COUNT = 8;
const overviews = overviewsToChooseBy(fakePainter(), COUNT);

describe('measureFinder', () => {
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
    const metrics = measureFinder(logits ?? new Float32Array(), overviews);
    expect(metrics.loss).toBeCloseTo(loss?.[0] ?? NaN, 3);
  });

  it('counts the pictures in which the likeliest cell of the second plane is that of the digit', () => {
    const found = Float32Array.from(overviews.targets);
    // One is sure of another cell; a larger logit in the first plane does not count.
    const truth = found.subarray(36, 72).indexOf(1);
    found[36 + ((truth + 1) % 36)] = 2;
    found[216 + 5] = 9;
    expect(measureFinder(found, overviews)).toMatchObject({ count: COUNT, correct: COUNT - 1 });
  });

  it('asks for no cell in a picture without the digit', () => {
    const targets = Float32Array.from(overviews.targets).fill(0, 36, 72);
    const { count, accuracy } = measureFinder(overviews.targets, { ...overviews, targets });
    expect([count, accuracy]).toEqual([COUNT - 1, 1]);
  });
});
