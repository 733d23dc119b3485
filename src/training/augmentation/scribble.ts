import { FRAME_SIDE } from '../../image/frame.js';
import { between, wholeBetween, type Random } from '../../random.js';

/**
 * Lines over a digit: ruled, dashed, curved or zigzag, of ink or of background.
 * @param frame 784 numbers of 0..1, changed in place
 */
export function scribble(frame: Float32Array, random: Random): void {
  const lines = wholeBetween(random, 1, 2);
  for (let line = 0; line < lines; line++) {
    const pen = {
      ink: random() < 0.85 ? between(random, 0.5, 1) : 0,
      radius: between(random, 0.4, 1.3),
      dashes: random() < 0.4 ? wholeBetween(random, 1, 4) : 0,
    };
    drawLine(frame, pen, random);
  }
}

interface Pen {
  readonly ink: number;
  readonly radius: number;
  /** Length of the dashes and of the gaps in pixels; 0 for a solid line. */
  readonly dashes: number;
}

/** From one side of the frame to the other, with no, a slow or a sharp swing to the sides. */
function drawLine(frame: Float32Array, pen: Pen, random: Random): void {
  const isUpright = random() < 0.3;
  const [from, to] = [between(random, 0, FRAME_SIDE), between(random, 0, FRAME_SIDE)];
  const swing = random() < 0.6 ? between(random, 0.5, 4) : 0;
  const period = between(random, 4, 16);
  const [start, end] =
    random() < 0.5 ? [0, FRAME_SIDE - 1] : [between(random, 0, 8), between(random, 20, 28)];
  let last = NaN;
  for (let along = Math.trunc(start); along < end; along++) {
    const phase = (along / period) % 1;
    const triangle = 4 * Math.abs(phase - 0.5) - 1;
    const middle = from + ((to - from) * along) / FRAME_SIDE + swing * triangle;
    const previous = Number.isNaN(last) ? middle : last;
    last = middle;
    if (pen.dashes > 0 && Math.trunc(along / pen.dashes) % 2 === 1) continue;
    const low = Math.min(previous, middle) - pen.radius;
    const high = Math.max(previous, middle) + pen.radius;
    const first = Math.max(0, Math.ceil(low - 1));
    for (let across = first; across < Math.min(FRAME_SIDE, high + 1); across++) {
      const cover = Math.min(1, across - low + 0.5, high - across + 0.5);
      if (cover <= 0) continue;
      const place = isUpright ? along * FRAME_SIDE + across : across * FRAME_SIDE + along;
      const level = frame[place]!;
      frame[place] = pen.ink === 0 ? level * (1 - cover) : Math.max(level, pen.ink * cover);
    }
  }
}
