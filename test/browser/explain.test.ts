import { describe, expect, it } from 'vitest';
import { explain, type OccludedNetwork } from '../../src/browser/explain.js';
import type { Plane } from '../../src/image/plane.js';

const SIDE = 40;

/** A ring of ink on a background of another level. */
function ring(background: number, ink: number): Plane {
  const data = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
    const distance = Math.hypot((at % SIDE) - 20, Math.floor(at / SIDE) - 20);
    return distance > 9 && distance < 13 ? ink : background;
  });
  return { width: SIDE, height: SIDE, data };
}

/** The more ink there is at the left, the surer it is of a 3; ink at the right speaks against it. */
function leftNetwork(background: number): OccludedNetwork {
  let whole: Float32Array = new Float32Array(0);
  const run = (image: Float32Array): Float32Array => {
    const logits = new Float32Array(11);
    image.forEach((value, at) => {
      const ink = Math.abs(value - background / 255);
      logits[3] = (logits[3] ?? 0) + (at % SIDE < SIDE / 2 ? 0.06 : -0.03) * ink;
    });
    return logits;
  };
  return {
    outputs: 11,
    layers: () => [
      { channels: 2, side: 2, values: Float32Array.of(0, 0, 0, 0, 0, 1, 1, 2), channelStep: 4, placeStep: 1 },
    ],
    begin: (image) => run((whole = image)),
    run(pixels, value) {
      const other = whole.slice();
      for (const at of pixels) other[at] = value;
      return run(other);
    },
  };
}

describe('explain', () => {
  it.each([
    [0, 255],
    [90, 180],
    [220, 30],
  ])('finds the ink that speaks for the answer and against it, on ground of %d', async (background, ink) => {
    const { heat, side } = await explain(leftNetwork(background), ring(background, ink), 3);
    expect(side).toBe(SIDE);
    const at = (x: number, y: number): number => heat[y * SIDE + x] ?? NaN;
    expect(at(9, 20)).toBeGreaterThan(0.5);
    expect(at(31, 20)).toBeLessThan(-0.1);
    expect(Math.max(...heat.map(Math.abs))).toBeCloseTo(1, 5);
    // Where there is no ink, there is nothing to take away.
    expect(Math.abs(at(1, 1))).toBeLessThan(0.05);
  });

  it('has no edges: neighbours differ little', async () => {
    const { heat } = await explain(leftNetwork(0), ring(0, 255), 3);
    const steps = heat.map((value, i) => (i % SIDE === 0 ? 0 : Math.abs(value - (heat[i - 1] ?? 0))));
    expect(Math.max(...steps)).toBeLessThan(0.5);
  });

  it('says nothing of an empty picture', async () => {
    const { heat } = await explain(leftNetwork(50), ring(50, 50), 10);
    expect(heat.every((value) => value === 0)).toBe(true);
  });

  it('shows the maps that differ the most, each in all of its levels', async () => {
    const { layers } = await explain(leftNetwork(0), ring(0, 255), 3);
    expect(layers).toEqual([
      { channels: 2, side: 2, maps: [Uint8Array.of(0, 128, 128, 255), Uint8Array.of(0, 0, 0, 0)] },
    ]);
  });

  it('gives others their turn, and ends where it is not needed any more', async () => {
    let nowMs = 0;
    const controller = new AbortController();
    const { signal } = controller;
    const explained = explain(leftNetwork(0), ring(0, 255), 3, { signal, nowMs: () => (nowMs += 100) });
    controller.abort(new Error('another drawing'));
    await expect(explained).rejects.toThrow('another drawing');
  });
});
