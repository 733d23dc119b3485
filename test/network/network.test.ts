import { describe, expect, it } from 'vitest';
import { describeLayers } from '../../src/network/describe-layers.js';
import { conv, planNetwork } from '../../src/network/network.js';
import { networkAliases, networkByName, networkNames } from '../../src/network/networks.js';

describe('planNetwork', () => {
  it('counts the parameters and multiply-adds of the baseline network', () => {
    const plan = planNetwork(networkByName('baseline'));
    expect(plan.parameterCount).toBe(25 * 32 + 32 + 25 * 32 * 64 + 64 + 3136 * 256 + 256 + 256 * 10 + 10);
    expect(plan.multiplyAdds).toBe(25 * 32 * 784 + 25 * 32 * 64 * 196 + 3136 * 256 + 256 * 10);
  });

  it('keeps the default network at 5 million multiply-adds at most', () => {
    expect(planNetwork(networkByName('compact')).multiplyAdds).toBeLessThanOrEqual(5_000_000);
  });

  it.each([
    ['reader', 14_400_000, [1, 64, 64], [192, 2, 2], 11],
    ['finder', 5_300_000, [1, 96, 96], [6, 6, 6], 216],
    ['thumbnail', 1_810_000, [1, 32, 32], [96, 1, 1], 11],
  ] as const)('keeps %s at %d multiply-adds at most', (name, most, input, last, outputs) => {
    const plan = planNetwork(networkByName(name));
    expect(plan.multiplyAdds).toBeLessThanOrEqual(most);
    expect(plan.multiplyAdds).toBeGreaterThan(0.95 * most);
    expect(plan.input).toEqual(input);
    expect(plan.layers.find(({ layer }) => layer.kind === 'flatten')?.input).toEqual(last);
    expect(plan.outputs).toBe(outputs);
  });

  it('keeps what a picture passes at 20 million multiply-adds at most together', () => {
    const costs = ['reader', 'finder'].map((name) => planNetwork(networkByName(name)).multiplyAdds);
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(20_000_000);
  });

  it('refuses a finder that does not end in its planes', () => {
    const { layers, ...finder } = networkByName('finder');
    const other = { ...finder, layers: [...layers.slice(0, -2), conv(5, 3), ...layers.slice(-1)] };
    expect(() => planNetwork(other)).toThrow(/finder ends in \[180\]; expected planes \[6,6,6\]/);
  });

  it.each(networkNames())('lays the tensors of %s one behind the other', (name) => {
    const { parameters, parameterCount, statistics, statisticCount } = planNetwork(networkByName(name));
    for (const [slots, count] of [
      [parameters, parameterCount] as const,
      [statistics, statisticCount] as const,
    ]) {
      let end = 0;
      for (const slot of slots) {
        expect(slot.offset).toBe(end);
        end += slot.size;
      }
      expect(count).toBe(end);
    }
  });

  it.each(networkNames())('lets the weights of %s decay, and no bias, scale or shift', (name) => {
    const { parameters } = planNetwork(networkByName(name));
    for (const { name: of, shape, decays } of parameters)
      expect([of, decays]).toEqual([of, shape.length > 1]);
    expect(parameters.some(({ decays }) => decays)).toBe(true);
    expect(parameters.some(({ decays }) => !decays)).toBe(true);
  });

  it('describes its layers', () => {
    const lines = describeLayers(planNetwork(networkByName('baseline')));
    expect(lines[0]).toBe('conv 5x5 1-32 to 28x28');
    expect(lines.at(-1)).toBe('dense 256-10');
  });

  it.each([
    ['a dense layer over a picture', [{ kind: 'dense', units: 10 } as const], /Layer 0_dense: .*\[1,28,28\]/],
    ['a kernel larger than the picture', [conv(4, 29, { padding: 0 })], /Layer 0_conv: .*29x29.*\[1,28,28\]/],
    [
      'an end that is not ten logits',
      [{ kind: 'flatten' } as const],
      /ends in \[784\]; expected a dense layer of 10/,
    ],
  ])('refuses %s', (_, layers, message) => {
    expect(() => planNetwork({ name: 'bad', layers })).toThrow(message);
  });

  it('knows networks by the names that older files have', () => {
    expect(networkByName('glance')).toBe(networkByName('small'));
    expect(networkByName('seed')).toBe(networkByName('baseline'));
    expect(networkAliases()).toEqual(['glance', 'seed']);
  });

  it('lists the networks there are when asked for another', () => {
    expect(() => networkByName('resnet')).toThrow(
      /"resnet"; expected one of compact, deep, wide, small, baseline/,
    );
  });
});
