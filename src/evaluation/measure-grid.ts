import { cellCount, logitCount, outputCount, planeIndex, type CellGrid } from '../image/view/cell-grid.js';
import { DETECTOR } from '../image/view/detector-cells.js';
import { FINDER_PLANE } from '../image/view/finder-cells.js';
import { CLASS_COUNT, type PixelNetwork } from '../model/contract.js';
import { openPixelNetwork, type InferenceOptions } from '../model/runtime/pixel-network.js';
import type { Metrics } from './metrics.js';

/** Pictures of one inference. */
const INFERENCE_BATCH = 32;

/** Pictures, and what a network that answers in cells is to give for each. */
export interface GridPictures {
  readonly grid: CellGrid;
  readonly count: number;
  /** `[count, grid.side, grid.side]` */
  readonly pixels: Uint8Array;
  /** `[count, outputs of the grid]` */
  readonly targets: Float32Array;
  readonly weights: Float32Array;
}

/** How well such a network does on pictures that it was not trained on. */
export interface GridMetrics {
  /** Of a finder, pictures with a digit; of a detector, digits in all pictures. */
  readonly count: number;
  /**
   * Of a finder, pictures in which the cell it thinks likeliest is that of the digit; of a detector, digits that their
   * cell has as the likeliest one and as more likely than not. Their share is 0..1.
   */
  readonly correct: number;
  readonly accuracy: number;
  /** Mean, as it is trained on. */
  readonly loss: number;
}

/** The metrics of an epoch: of a network that reads digits, or of one that answers in cells. */
export type Validation = Metrics | GridMetrics;

/** Opens the ONNX file of a network that answers in cells. @throws InkdigitError `invalid_model` where it is none */
export function openGridNetwork(
  grid: CellGrid,
  bytes: Uint8Array,
  options: InferenceOptions = {},
  source = 'the network',
): Promise<PixelNetwork> {
  return openPixelNetwork(
    bytes,
    { side: grid.side, outputs: [outputCount(grid)], takesWidths: true },
    options,
    source,
  );
}

/** What such a network answers to pictures: `[count, outputs of the grid]` */
export async function answersTo(
  network: PixelNetwork,
  { grid, count, pixels }: Pick<GridPictures, 'grid' | 'count' | 'pixels'>,
  onProgress: (fraction: number) => void = () => {},
): Promise<Float32Array> {
  const outputs = outputCount(grid);
  const answers = new Float32Array(count * outputs);
  const size = grid.side ** 2;
  for (let from = 0; from < count; from += INFERENCE_BATCH) {
    const to = Math.min(count, from + INFERENCE_BATCH);
    const levels = pixels.subarray(from * size, to * size);
    const some = await network.run(to - from, (input) => {
      for (let i = 0; i < input.length; i++) input[i] = levels[i]! / 255;
    });
    answers.set(some, from * outputs);
    onProgress(to / count);
  }
  return answers;
}

/** Measures answers; the loss is that of the training (`onnx/weighted-losses.ts`). @param answers `[count, outputs]` */
export function measureGrid(answers: Float32Array, pictures: Omit<GridPictures, 'pixels'>): GridMetrics {
  const { grid, count } = pictures;
  const digits = grid === DETECTOR ? detected(answers, pictures) : found(answers, pictures);
  const asked = digits.length;
  const correct = digits.filter(Boolean).length;
  return {
    count: asked,
    correct,
    accuracy: correct / Math.max(1, asked),
    loss: totalLoss(answers, pictures) / count,
  };
}

/** Of each picture with a digit, whether the finder is right; the others are not asked for its cell. */
function found(answers: Float32Array, pictures: Omit<GridPictures, 'pixels'>): boolean[] {
  const { grid, count, targets } = pictures;
  return Array.from({ length: count }, (_, picture) => trueCell(grid, targets, picture)).flatMap(
    (truth, picture) => (truth === null ? [] : [likeliestCell(grid, answers, picture) === truth]),
  );
}

/** Of each digit, whether the detector is right. */
function detected(answers: Float32Array, { grid, count, targets }: Omit<GridPictures, 'pixels'>): boolean[] {
  const right: boolean[] = [];
  for (let picture = 0; picture < count; picture++) {
    const from = picture * outputCount(grid);
    for (let cell = 0; cell < cellCount(grid); cell++) {
      const truth = likeliestDigit(grid, targets, from, cell);
      if (targets[from + planeIndex(grid, truth, cell)] !== 1) continue;
      const digit = likeliestDigit(grid, answers, from, cell);
      right.push(digit === truth && answers[from + planeIndex(grid, digit, cell)]! > 0);
    }
  }
  return right;
}

/** The digit of the largest value that a cell has in the planes of digits. */
function likeliestDigit(grid: CellGrid, answers: Float32Array, from: number, cell: number): number {
  let digit = 0;
  for (let other = 1; other < CLASS_COUNT; other++) {
    const isLarger =
      answers[from + planeIndex(grid, other, cell)]! > answers[from + planeIndex(grid, digit, cell)]!;
    if (isLarger) digit = other;
  }
  return digit;
}

function totalLoss(
  answers: Float32Array,
  { grid, count, targets, weights }: Omit<GridPictures, 'pixels'>,
): number {
  const [outputs, logits] = [outputCount(grid), logitCount(grid)];
  let loss = 0;
  for (let i = 0; i < count * outputs; i++) {
    const weight = weights[i]!;
    if (weight !== 0) loss += weight * lossOf(answers[i]!, targets[i]!, i % outputs < logits);
  }
  return loss;
}

function lossOf(z: number, target: number, isLogit: boolean): number {
  if (isLogit) return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z;
  const distance = Math.abs(z - target);
  return distance <= 1 ? distance ** 2 / 2 : distance - 0.5;
}

/** The cell of a picture's digit; `null` where it has none. @param targets `[count, outputs]` of a finder */
export function trueCell(grid: CellGrid, targets: Float32Array, picture: number): number | null {
  const cell = likeliestCell(grid, targets, picture);
  const at = picture * outputCount(grid) + planeIndex(grid, FINDER_PLANE.theDigit, cell);
  return targets[at] === 0 ? null : cell;
}

/** The cell of the largest value of a picture's second plane. @param answers `[count, outputs]` of a finder */
export function likeliestCell(grid: CellGrid, answers: Float32Array, picture: number): number {
  const from = picture * outputCount(grid) + planeIndex(grid, FINDER_PLANE.theDigit, 0);
  let cell = 0;
  for (let i = 1; i < cellCount(grid); i++) if (answers[from + i]! > answers[from + cell]!) cell = i;
  return cell;
}
