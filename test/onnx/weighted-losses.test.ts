import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/onnx/graph.js';
import { huber, sigmoidCrossEntropy } from '../../src/onnx/weighted-losses.js';
import { createRandom, normal } from '../../src/random.js';
import * as naive from '../helpers/models/naive-layers.js';
import { runModel } from '../helpers/models/run-model.js';

const ROWS = 4;
const COLUMNS = 12;
const random = createRandom(31);
const draw = (value: () => number): naive.Tensor => naive.tensor([ROWS, COLUMNS], () => Math.fround(value()));
const weight = draw(() => Math.floor(3 * random()));

async function run(
  of: typeof huber,
  z: naive.Tensor,
  target: naive.Tensor,
): Promise<{ loss: number; gradient: Float32Array }> {
  const graph = new Graph('loss');
  const shape = [ROWS, COLUMNS];
  const { loss, gradient } = of(
    graph.input('z', shape),
    graph.input('target', shape),
    graph.input('weight', shape),
  );
  graph.output('loss', loss);
  graph.output('gradient', gradient);
  const asInput = ({ data }: naive.Tensor): { shape: number[]; data: Float32Array } => ({
    shape,
    data: Float32Array.from(data),
  });
  const outputs = await runModel(graph.toModel(), {
    z: asInput(z),
    target: asInput(target),
    weight: asInput(weight),
  });
  return { loss: outputs['loss']?.[0] ?? NaN, gradient: outputs['gradient'] ?? new Float32Array() };
}

describe.each([
  {
    name: 'sigmoid cross-entropy',
    of: sigmoidCrossEntropy,
    target: draw(random),
    oracle: (z: number, t: number): number => {
      const p = 1 / (1 + Math.exp(-z));
      return -t * Math.log(p) - (1 - t) * Math.log(1 - p);
    },
  },
  {
    name: 'Huber loss',
    of: huber,
    target: draw(() => normal(random)),
    oracle: (z: number, t: number): number =>
      Math.abs(z - t) < 1 ? (z - t) ** 2 / 2 : Math.abs(z - t) - 0.5,
  },
])('$name', ({ of, target, oracle }) => {
  it('is the mean over rows of what the weights count, and its gradient that of finite differences', async () => {
    const z = draw(() => 2 * normal(random));
    const naiveLoss = (): number =>
      z.data.reduce((sum, value, i) => sum + weight.data[i]! * oracle(value, target.data[i]!), 0) / ROWS;
    const { loss, gradient } = await run(of, z, target);
    expect(loss).toBeCloseTo(naiveLoss(), 5);
    expect(naive.relativeError(gradient, naive.centralDifferences(z, naiveLoss))).toBeLessThan(2e-5);
  });

  it('stays finite for what is far off', async () => {
    const z = draw(() => (random() < 0.5 ? 1e4 : -1e4));
    const { loss, gradient } = await run(of, z, target);
    expect(loss).toBeGreaterThan(1000);
    expect([loss, ...gradient].every(Number.isFinite)).toBe(true);
  });
});
