import type { Plane } from '../../image/plane.js';
import { DETECTOR, DETECTOR_OUTPUTS } from '../../image/view/detector-cells.js';
import { resample } from '../../image/view/resample.js';
import { standardizeInPlace } from '../../image/view/standardize.js';
import type { CloseUp } from '../../numbers/close-ups.js';
import { detectionsOf, type Look } from '../../numbers/detections.js';
import type { NetworkContract, PixelNetwork } from '../../model/contract.js';
import { nextTurn } from '../../next-turn.js';

/** Cells of one inference; until it is over no other request has a turn. */
const INFERENCE_CELLS = 16 * DETECTOR.cells;

/** Finds the digits of numbers, and reads them. */
export interface Detector {
  /** Whether it takes close-ups as wide as they are high alone, as older models do. */
  readonly onlySquares: boolean;
  /**
   * What it sees in parts of a picture, in pixels of its gray plane; in any order. Between two inferences others have
   * their turn.
   */
  detect(gray: Plane, closeUps: readonly CloseUp[]): Promise<Look[]>;
  /** Frees the memory; the detector cannot be used after it. */
  close(): Promise<void>;
}

/** `image` float32 [N,1,96,W] -> `logits` [N,outputs], as `view/detector-cells.ts` has them; W is 96 in older models */
export const DETECTOR_CONTRACT: NetworkContract = {
  side: DETECTOR.side,
  outputs: [DETECTOR_OUTPUTS],
  takesWidths: true,
};

/** A detector that asks a network of `DETECTOR_CONTRACT`. */
export function detectorOf(network: PixelNetwork): Detector {
  const detectAlike = async (gray: Plane, closeUps: readonly CloseUp[]): Promise<Look[]> => {
    const width = (closeUps[0]?.columns ?? 0) * DETECTOR.cellSide;
    const pixels = DETECTOR.side * width;
    const logits = await network.run(
      closeUps.length,
      (input) =>
        closeUps.forEach((closeUp, i) => {
          const levels = input.subarray(i * pixels, (i + 1) * pixels);
          resample(gray, closeUp, DETECTOR.side, levels, width);
          standardizeInPlace(levels);
        }),
      width,
    );
    const outputs = logits.length / closeUps.length;
    return closeUps.map((closeUp, i) => detectionsOf(logits, i * outputs, closeUp));
  };
  return {
    onlySquares: network.takesWidths !== true,
    async detect(gray, closeUps) {
      const looks: Look[] = [];
      for (const alike of ofOneWidth(closeUps)) {
        if (looks.length > 0) await nextTurn();
        looks.push(...(await detectAlike(gray, alike)));
      }
      return looks;
    },
    close: () => network.close(),
  };
}

/** Close-ups of one width together, as many as one inference takes. */
function ofOneWidth(closeUps: readonly CloseUp[]): CloseUp[][] {
  const groups: CloseUp[][] = [];
  for (const closeUp of closeUps.toSorted((a, b) => a.columns - b.columns)) {
    const { columns } = closeUp;
    const group = groups.at(-1);
    const hasRoom = group?.[0]?.columns === columns && (group.length + 1) * columns <= INFERENCE_CELLS;
    if (group && hasRoom) group.push(closeUp);
    else groups.push([closeUp]);
  }
  return groups;
}
