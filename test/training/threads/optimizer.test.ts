import { describe, expect, it } from 'vitest';
import { adamW, chain, moveAverage, warmedUpDecay } from '../../../src/training/threads/optimizer.js';

describe('adamW', () => {
  it('takes the steps of the algorithm as the paper writes it, in float64', () => {
    const [beta1, beta2, epsilon, rate, decay] = [0.9, 0.999, 1e-8, 0.01, 0.1];
    const parameters = Float32Array.of(1, -2, 3);
    const decays = Uint8Array.of(1, 0, 1);
    const optimizer = adamW(
      { firstMoment: new Float32Array(3), secondMoment: new Float32Array(3) },
      { weightDecay: decay },
    );
    const theta = [1, -2, 3];
    const m = [0, 0, 0];
    const v = [0, 0, 0];
    for (let t = 1; t <= 50; t++) {
      const gradients = theta.map((_, i) => Math.fround(Math.sin(t * (i + 1))));
      const updates = Float32Array.from(gradients);
      optimizer(updates, { step: t, learningRate: rate, parameters, decays });
      updates.forEach((update, i) => (parameters[i]! += update));
      gradients.forEach((g, i) => {
        m[i] = beta1 * m[i]! + (1 - beta1) * g;
        v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
        const mHat = m[i] / (1 - beta1 ** t);
        const vHat = v[i] / (1 - beta2 ** t);
        theta[i] = theta[i]! - rate * (mHat / (Math.sqrt(vHat) + epsilon) + decay * decays[i]! * theta[i]!);
      });
    }
    theta.forEach((expected, i) => expect(parameters[i]).toBeCloseTo(expected, 4));
  });
});

describe('chain', () => {
  it('applies one transform after the other', () => {
    const updates = Float32Array.of(2);
    chain(
      (u) => u.forEach((value, i) => (u[i] = value + 1)),
      (u) => u.forEach((value, i) => (u[i] = value * 10)),
    )(updates, { step: 1, learningRate: 1, parameters: updates, decays: new Uint8Array(1) });
    expect([...updates]).toEqual([30]);
  });
});

describe('the moving average', () => {
  it('moves by what the decay leaves', () => {
    const average = Float32Array.of(1, 0);
    moveAverage(average, Float32Array.of(0, 1), 0.75);
    expect([...average]).toEqual([0.75, 0.25]);
  });

  it('forgets its start soon and ends at the decay asked for', () => {
    expect(warmedUpDecay(0.999, 0)).toBeCloseTo(0.1);
    expect(warmedUpDecay(0.999, 90)).toBeCloseTo(0.91);
    expect(warmedUpDecay(0.999, 1e6)).toBe(0.999);
  });
});
