import { describe, expect, it } from 'vitest';
import { DETECTOR, DETECTOR_OUTPUTS } from '../../../src/image/view/detector-cells.js';
import { MODEL_INPUT, MODEL_OUTPUT } from '../../../src/model/contract.js';
import { createDetector } from '../../../src/model/pictures/detector.js';
import { Graph } from '../../../src/onnx/graph.js';
import * as ops from '../../../src/onnx/ops.js';
import { conv } from '../../../src/onnx/picture-ops.js';

/** A detector that sees a 7 of usual size in every cell that is bright. */
function tinyDetector(takesWidths = false): Uint8Array {
  const { side, planes, cellSide } = DETECTOR;
  const graph = new Graph('detector');
  const shape = ['N', 1, side, side];
  const image = graph.input(MODEL_INPUT, shape, 'float32', takesWidths ? shape.with(3, 'W') : shape);
  const weights = new Float32Array(planes * cellSide ** 2);
  weights.fill(80 / cellSide ** 2, 7 * cellSide ** 2, 8 * cellSide ** 2);
  const bias = Float32Array.from({ length: planes }, (_, plane) =>
    plane === 7 ? -80 * 0.6 : plane < DETECTOR.logitPlanes ? -20 : 0,
  );
  const cells = conv(image, graph.constant('weights', [planes, 1, cellSide, cellSide], weights), {
    bias: graph.constant('bias', [planes], bias),
    stride: cellSide,
  });
  const logits = ops.flatten(cells);
  graph.output(MODEL_OUTPUT, logits, takesWidths ? ['N', 'K'] : logits.shape);
  return graph.toModel();
}

/** Dark, but for one bright cell of the close-up of all of it. */
function pictureWithCell(row: number, column: number, scale: number) {
  const side = DETECTOR.side * scale;
  const cell = DETECTOR.cellSide * scale;
  const data = new Uint8Array(side * side).fill(20);
  for (let y = row * cell; y < (row + 1) * cell; y++) {
    data.fill(220, y * side + column * cell, y * side + (column + 1) * cell);
  }
  return { width: side, height: side, data };
}

describe('createDetector', () => {
  it('says where in the picture digits lie, whichever square shows them', async () => {
    const detector = await createDetector(tinyDetector());
    const gray = pictureWithCell(4, 6, 2);
    const squares = [
      { x: 0, y: 0, side: 192, columns: 12 },
      { x: 16, y: 16, side: 192, columns: 12 },
      { x: 500, y: 500, side: 192, columns: 12 },
    ];
    expect(detector.onlySquares).toBe(true);
    const looks = await detector.detect(gray, squares);
    const digits = looks.flatMap((look) => look.digits);
    await detector.close();
    expect(looks.map(({ closeUp }) => closeUp)).toEqual(squares);
    expect(looks.flatMap(({ separators }) => separators)).toEqual([]);
    expect(digits).toHaveLength(2);
    for (const { box, probabilities } of digits) {
      // The middle of the bright cell, and a box of 32 pixels of the close-up.
      expect(box.x + box.width / 2).toBeCloseTo(104, 1);
      expect(box.y + box.height / 2).toBeCloseTo(72, 1);
      expect(box.height).toBeCloseTo(64, 1);
      expect(probabilities[7]).toBeGreaterThan(0.99);
    }
  });

  it('takes close-ups of any width where its file does, with the same answer', async () => {
    const detector = await createDetector(tinyDetector(true));
    expect(detector.onlySquares).toBe(false);
    const gray = pictureWithCell(4, 6, 2);
    const looks = await detector.detect(gray, [
      { x: 0, y: 0, side: 192, columns: 12 },
      { x: -64, y: 0, side: 192, columns: 20 },
      { x: 64, y: 16, side: 192, columns: 4 },
    ]);
    await detector.close();
    const digits = looks.flatMap((look) => look.digits);
    expect(digits).toHaveLength(3);
    for (const { box, probabilities } of digits) {
      expect(box.x + box.width / 2).toBeCloseTo(104, 1);
      expect(box.y + box.height / 2).toBeCloseTo(72, 1);
      expect(probabilities[7]).toBeGreaterThan(0.99);
    }
  });

  it('refuses a file of another contract', async () => {
    await expect(createDetector(new Uint8Array(10))).rejects.toMatchObject({ code: 'invalid_model' });
    expect(DETECTOR_OUTPUTS).toBe(19 * 144);
  });
});
