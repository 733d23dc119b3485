import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AnswerExplainer } from '../../../page/readers/answer-explainer.js';
import { deviceNetworks, type DeviceNetworks } from '../../../src/browser/device-networks.js';
import { storedPngUrl } from '../../../src/browser/stored-png.js';

const frames = new Uint8Array(readFileSync(new URL('../../../models/mnist.int8.onnx', import.meta.url)));

/** A slanted stroke, as a network of this side is shown it. */
function frameOf(side: number): string {
  const data = Uint8Array.from({ length: side * side }, (_, at) => {
    const [row, column] = [Math.floor(at / side), at % side];
    const isInk =
      row > side / 6 && row < (5 * side) / 6 && Math.abs(column + row / 4 - 0.65 * side) < side / 12;
    return isInk ? 255 : 0;
  });
  return storedPngUrl({ width: side, height: side, data });
}

/** The shipped model of frames, and how often a network was asked for. */
function counted(): { readonly networks: DeviceNetworks; readonly asked: () => number } {
  const networks = deviceNetworks({ models: { frames }, fetch: () => Promise.reject(new Error('offline')) });
  let asked = 0;
  const networkOf: DeviceNetworks['networkOf'] = (role) => {
    asked++;
    return networks.networkOf(role);
  };
  return { networks: { ...networks, networkOf }, asked: () => asked };
}

const { signal } = new AbortController();

describe('AnswerExplainer', () => {
  it('explains what a network was shown, from its answer alone', async () => {
    const explanation = await new AnswerExplainer(counted().networks).explain(frameOf(28), 1, signal);
    expect(explanation?.side).toBe(28);
    const heat = explanation?.heat ?? new Float32Array(0);
    expect(Math.max(...heat.map(Math.abs))).toBeCloseTo(1, 5);
    expect(heat[0]).toBeCloseTo(0, 2);
    expect(explanation?.layers.length).toBeGreaterThan(2);
  });

  it('has no explanation of a picture of another network, or of none', async () => {
    const explainer = new AnswerExplainer(counted().networks);
    expect(await explainer.explain(frameOf(32), 1, signal)).toBeNull();
    expect(await explainer.explain('data:image/png;base64,iVBORw0KGgo=', 1, signal)).toBeNull();
  });

  it('practises once, and not where someone asks meanwhile', async () => {
    const { networks, asked } = counted();
    const explainer = new AnswerExplainer(networks);
    const controller = new AbortController();
    const given = explainer.practise(frameOf(28), 1, controller.signal);
    controller.abort(new Error('a question'));
    await expect(given).rejects.toThrow('a question');
    expect(asked()).toBe(0);
    await explainer.practise(frameOf(28), 1, signal);
    await explainer.practise(frameOf(28), 1, signal);
    expect(asked()).toBe(1);
  });
});
