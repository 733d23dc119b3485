/** Side of the paper in its own units; one of them is one pixel of the picture that is sent. */
export const PAPER_SIDE = 280;

/**
 * Widths of the pen, in units of the paper. The default is near the strokes of MNIST on a digit that fills the paper.
 */
export const PEN_WIDTH = { min: 8, max: 44, step: 2, default: 22 } as const;

/** A place where the pen was, and how wide its line is there; in units of the paper, y downwards. */
export interface InkPoint {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** What the pen left between touching the paper and leaving it. */
export type InkStroke = readonly InkPoint[];

/** Nearer points than this say nothing new, in units of the paper. */
const MIN_STEP = 0.5;

/**
 * How wide the line is under this pressure. Only pens feel pressure: a mouse always reports 0.5, a finger whatever
 * its screen makes of it.
 * @param pressure 0..1; 0.5 gives the pen's own width.
 */
export function nibWidth(penWidth: number, pointerType: string, pressure: number): number {
  if (pointerType !== 'pen') return penWidth;
  return penWidth * (0.4 + 1.2 * Math.min(1, Math.max(0, pressure)));
}

/** Whether a point adds to a stroke that ends in `last`. */
export function isNewPoint(last: InkPoint | undefined, { x, y }: InkPoint): boolean {
  return last === undefined || Math.hypot(x - last.x, y - last.y) >= MIN_STEP;
}
