/** Pictures that fill the frame and are no drawing, of kinds that are not trained on. */
import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../../image/frame.js';
import { between, pick, wholeBetween, type Random } from '../../random.js';

/** A wall of bricks: rows of boxes, every other one set off by half. */
export function bricks(random: Random): Frame {
  const [width, height] = [between(random, 6, 14), between(random, 3.5, 8)];
  const joint = between(random, 0.6, 1.6);
  const [left, top] = [between(random, 0, width), between(random, 0, height)];
  const [brick, mortar] = random() < 0.5 ? [between(random, 90, 255), 0] : [0, between(random, 120, 255)];
  return painted((x, y) => {
    const course = Math.floor((y + top) / height);
    const along = (x + left + ((course & 1) * width) / 2) % width;
    const isJoint = along < joint || (y + top) % height < joint;
    return isJoint ? mortar : brick;
  });
}

/** Waves: lines that swing. */
export function waves(random: Random): Frame {
  const period = between(random, 4, 9);
  const [swing, length] = [between(random, 1.2, 4), between(random, 7, 18)];
  const phase = between(random, 0, 2 * Math.PI);
  const contrast = between(random, 90, 400);
  const isUpright = random() < 0.5;
  return painted((column, row) => {
    const [x, y] = isUpright ? [row, column] : [column, row];
    const height = y + swing * Math.sin((2 * Math.PI * x) / length + phase);
    return 100 + contrast * Math.sin((2 * Math.PI * height) / period);
  });
}

/** A code to scan: square cells, and the three eyes of a QR code where there is room. */
export function code(random: Random): Frame {
  const cells = wholeBetween(random, 9, 14);
  const side = pick(random, [20, 28]);
  const margin = (FRAME_SIDE - side) / 2;
  const lit = Array.from({ length: cells * cells }, () => random() < 0.5);
  const eye = (row: number, column: number): void => {
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 4; x++) {
        lit[(row + y) * cells + column + x] = y === 0 || x === 0 || y === 3 || x === 3;
      }
    }
  };
  eye(0, 0);
  eye(0, cells - 4);
  eye(cells - 4, 0);
  return painted((x, y) => {
    const [column, row] = [((x - margin) / side) * cells, ((y - margin) / side) * cells];
    if (column < 0 || row < 0 || column >= cells || row >= cells) return 0;
    return lit[Math.floor(row) * cells + Math.floor(column)] ? 255 : 0;
  });
}

/** Scales, as of a fish, or tiles of a roof: rows of arcs. */
export function scales(random: Random): Frame {
  const radius = between(random, 3.5, 7);
  const pen = between(random, 0.7, 1.4);
  const ink = between(random, 140, 255);
  const off = between(random, 0, radius);
  return painted((x, y) => {
    const row = Math.floor((y + off) / radius);
    let nearest = Infinity;
    for (const course of [row - 1, row]) {
      const shift = (course & 1) * radius;
      const middle = Math.round((x + off - shift) / (2 * radius)) * 2 * radius + shift;
      const [across, down] = [x + off - middle, y + off - course * radius];
      if (down < 0) continue;
      nearest = Math.min(nearest, Math.abs(Math.sqrt(across * across + down * down) - radius));
    }
    return ink * Math.min(1, Math.max(0, pen + 0.5 - nearest));
  });
}

/** Each pixel the mean of four samples of `level`, 0..255 or beyond. */
function painted(level: (x: number, y: number) => number): Frame {
  const frame = new Uint8Array(FRAME_PIXELS);
  for (let pixel = 0; pixel < FRAME_PIXELS; pixel++) {
    const [x, y] = [pixel % FRAME_SIDE, Math.floor(pixel / FRAME_SIDE)];
    let sum = 0;
    for (const [right, down] of SAMPLES) sum += Math.min(255, Math.max(0, level(x + right, y + down)));
    frame[pixel] = Math.round(sum / SAMPLES.length);
  }
  return frame;
}

const SAMPLES: readonly (readonly [x: number, y: number])[] = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
  [0.75, 0.75],
];
