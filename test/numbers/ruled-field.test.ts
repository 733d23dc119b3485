import { describe, expect, it } from 'vitest';
import { ruledFieldIn } from '../../src/numbers/ruled-field.js';

const COUNTS = { columns: 3, rows: 3 };
const [WIDTH, HEIGHT] = [300, 240];

type Point = readonly [x: number, y: number];

/** Paper with dark lines of three pixels along these ways. */
function drawn(...ways: readonly (readonly Point[])[]) {
  const data = new Uint8Array(WIDTH * HEIGHT).fill(210);
  for (const way of ways) {
    way.slice(1).forEach(([toX, toY], i) => {
      const [fromX, fromY] = way[i] ?? [0, 0];
      const steps = Math.ceil(Math.hypot(toX - fromX, toY - fromY));
      for (let step = 0; step <= steps; step++) {
        const [x, y] = [fromX, fromY].map((from, k) =>
          Math.round(from + (((k === 0 ? toX : toY) - from) * step) / steps),
        );
        for (let down = -1; down <= 1; down++)
          data.fill(40, ((y ?? 0) + down) * WIDTH + (x ?? 0) - 1, ((y ?? 0) + down) * WIDTH + (x ?? 0) + 2);
      }
    });
  }
  return { width: WIDTH, height: HEIGHT, data };
}

const FRAME: readonly Point[] = [
  [40, 30],
  [250, 40],
  [240, 210],
  [30, 200],
  [40, 30],
];

/** Its corners, as far as lines are wide. */
function expectFrame(quad: ReturnType<typeof ruledFieldIn>): void {
  quad?.forEach(({ x, y }, corner) => {
    expect(Math.abs(x - (FRAME[corner]?.[0] ?? NaN))).toBeLessThan(4);
    expect(Math.abs(y - (FRAME[corner]?.[1] ?? NaN))).toBeLessThan(4);
  });
  expect(quad).toHaveLength(4);
}

describe('ruledFieldIn', () => {
  it('finds a field by its lines', () => {
    const at = (u: number, v: number): Point => {
      const [left, right] = [40 - 10 * v, 250 - 10 * v];
      return [left + (right - left) * u, 30 + 170 * v + 10 * u];
    };
    const thirds = [1 / 3, 2 / 3];
    const lines = thirds.flatMap((third) => [
      [at(third, 0), at(third, 1)],
      [at(0, third), at(1, third)],
    ]);
    expectFrame(ruledFieldIn(drawn(FRAME, ...lines), COUNTS));
  });

  it('finds one by its frame where the lines within are not where they should be, as on bent paper', () => {
    const bent: readonly Point[] = [
      [110, 33],
      [122, 110],
      [112, 204],
    ];
    expectFrame(ruledFieldIn(drawn(FRAME, bent), COUNTS));
  });

  it('takes no shape for a field whose opposite sides differ much', () => {
    const triangle: readonly Point[] = [
      [40, 30],
      [250, 30],
      [250, 60],
      [44, 210],
      [40, 30],
    ];
    expect(ruledFieldIn(drawn(triangle), COUNTS)).toBeUndefined();
  });

  it('finds none on blank paper', () => {
    expect(ruledFieldIn(drawn(), COUNTS)).toBeUndefined();
  });
});
