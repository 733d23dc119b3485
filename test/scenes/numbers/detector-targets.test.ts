import { describe, expect, it } from 'vitest';
import { boxAt, cellCount, cellOf, logitCount, planeIndex } from '../../../src/image/view/cell-grid.js';
import { DETECTOR, DETECTOR_OUTPUTS } from '../../../src/image/view/detector-cells.js';
import { writeDetectorTargets } from '../../../src/scenes/numbers/detector-targets.js';

const WHOLE = { left: 0, top: 0, right: DETECTOR.side, bottom: DETECTOR.side };

function boxOf(left: number, top: number, width = 16, height = 32) {
  return { left, top, right: left + width, bottom: top + height };
}

function targetsOf(
  digits: readonly { label: number; box: ReturnType<typeof boxOf> }[],
  separators: readonly { kind: number; box: ReturnType<typeof boxOf> }[] = [],
  bounds = WHOLE,
) {
  const [targets, weights] = [new Float32Array(DETECTOR_OUTPUTS), new Float32Array(DETECTOR_OUTPUTS)];
  writeDetectorTargets({ digits, separators }, bounds, { targets, weights });
  return { targets, weights };
}

/** Planes and cells that are to be answered with yes. */
function asked(targets: Float32Array): [plane: number, cell: number][] {
  return [...targets.subarray(0, logitCount(DETECTOR))].flatMap((value, i): [number, number][] =>
    value === 1 ? [[Math.floor(i / cellCount(DETECTOR)), i % cellCount(DETECTOR)]] : [],
  );
}

describe('writeDetectorTargets', () => {
  it('asks for each digit in the cell of its middle, with its box', () => {
    const [four, nine] = [boxOf(8, 30), boxOf(26, 32, 20, 30)];
    const { targets, weights } = targetsOf([
      { label: 4, box: four },
      { label: 9, box: nine },
    ]);
    const cells = [four, nine].map(({ left, top, right, bottom }) =>
      cellOf(DETECTOR, { x: left, y: top, width: right - left, height: bottom - top }),
    );
    expect(asked(targets)).toEqual([
      [4, cells[0]],
      [9, cells[1]],
    ]);
    const box = boxAt(DETECTOR, targets, 0, cells[1] ?? -1);
    for (const [key, value] of Object.entries({ x: 26, y: 32, width: 20, height: 30 })) {
      expect(box[key as keyof typeof box]).toBeCloseTo(value, 4);
    }
    // Cells far from both are to say that there is none, and nothing of boxes.
    expect(weights[planeIndex(DETECTOR, 4, 143)]).toBe(1);
    expect(weights[planeIndex(DETECTOR, DETECTOR.logitPlanes, 143)]).toBe(0);
  });

  it('asks nothing of digits that the edge of the picture cuts in two, and nothing for those beyond', () => {
    const cut = { label: 7, box: boxOf(88, 30) };
    const { targets, weights } = targetsOf([cut, { label: 5, box: boxOf(120, 30) }]);
    expect(asked(targets)).toEqual([]);
    const cell = cellOf(DETECTOR, { x: 88, y: 30, width: 8, height: 32 });
    expect(weights[planeIndex(DETECTOR, 7, cell)]).toBe(0);
    expect(weights[planeIndex(DETECTOR, 2, cell)]).toBe(0);
  });

  it('takes what of a digit lies within the picture for its box', () => {
    const bounds = { ...WHOLE, top: 34 };
    const { targets } = targetsOf([{ label: 3, box: boxOf(40, 30) }], [], bounds);
    const [[, cell] = [0, -1]] = asked(targets);
    expect(boxAt(DETECTOR, targets, 0, cell).y).toBeCloseTo(34, 4);
  });

  it('asks for separators in planes of their own; of two in a cell, digits tell their box', () => {
    const { targets } = targetsOf(
      [{ label: 0, box: boxOf(34, 30, 12, 32) }],
      [{ kind: 1, box: boxOf(36, 44, 8, 4) }],
    );
    const both = asked(targets);
    expect(both.map(([plane]) => plane)).toEqual([0, 11]);
    const [first, second] = both.map(([, cell]) => cell);
    expect(first).toBe(second);
    expect(boxAt(DETECTOR, targets, 0, first ?? -1).height).toBeCloseTo(32, 4);
  });
});
