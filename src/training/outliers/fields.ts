/** Frames without a drawing: blank ones, noise, textures. Each writes 784 levels of 0..255. */
import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../../image/frame.js';
import { between, pick, wholeBetween, type Random } from '../../random.js';
import { clouds } from '../augmentation/clouds.js';

export type DrawField = (frame: Frame, random: Random) => void;

// Reused by every call.
const field = new Float32Array(FRAME_PIXELS);
const before = new Float32Array(FRAME_PIXELS);

/** Nothing, or paper: black, an even grey, or nearly so. */
export const blank: DrawField = (frame, random) => {
  const level = random() < 0.5 ? 0 : wholeBetween(random, 0, 255);
  const grain = random() < 0.4 ? between(random, 0, 40) : 0;
  for (let i = 0; i < FRAME_PIXELS; i++) frame[i] = clip(level + grain * (random() - 0.5));
};

/** A blank with a few specks of dust. */
export const specks: DrawField = (frame, random) => {
  const count = wholeBetween(random, 1, 12);
  frame.fill(0);
  for (let speck = 0; speck < count; speck++) {
    const [x, y] = [between(random, 0, FRAME_SIDE), between(random, 0, FRAME_SIDE)];
    const radius = between(random, 0.3, 1.6);
    const level = between(random, 40, 255);
    for (let row = Math.max(0, Math.floor(y - 2)); row < Math.min(FRAME_SIDE, y + 3); row++) {
      for (let column = Math.max(0, Math.floor(x - 2)); column < Math.min(FRAME_SIDE, x + 3); column++) {
        const away = Math.sqrt((row - y) ** 2 + (column - x) ** 2);
        const place = row * FRAME_SIDE + column;
        frame[place] = Math.max(frame[place]!, clip(level * (radius + 0.5 - away)));
      }
    }
  }
};

/** Independent pixels: uniform, bell-shaped, or a share of them lit. */
export const noise: DrawField = (frame, random) => {
  const kind = wholeBetween(random, 0, 2);
  const [level, strength] = [between(random, 0, 200), between(random, 30, 200)];
  const share = between(random, 0.03, 0.7);
  for (let i = 0; i < FRAME_PIXELS; i++) {
    if (kind === 0) frame[i] = clip(strength * 1.3 * random());
    else if (kind === 1) frame[i] = clip(level + strength * (random() + random() - 1));
    else frame[i] = random() < share ? clip(55 + strength) : 0;
  }
};

/** Noise of a coarser grain. */
export const softNoise: DrawField = (frame, random) => {
  const rounds = wholeBetween(random, 1, 3);
  for (let i = 0; i < FRAME_PIXELS; i++) field[i] = random();
  for (let round = 0; round < rounds; round++) soften();
  const contrast = between(random, 150, 500) * rounds;
  const threshold = between(random, 0.3, 0.5);
  for (let i = 0; i < FRAME_PIXELS; i++) frame[i] = clip(contrast * (field[i]! - threshold));
};

/** The mean of each pixel and its neighbours to the right and below; edges are repeated. */
function soften(): void {
  before.set(field);
  for (let row = 0, i = 0; row < FRAME_SIDE; row++) {
    const down = row === FRAME_SIDE - 1 ? 0 : FRAME_SIDE;
    for (let column = 0; column < FRAME_SIDE; column++, i++) {
      const right = column === FRAME_SIDE - 1 ? 0 : 1;
      field[i] = (before[i]! + before[i + right]! + before[i + down]! + before[i + down + right]!) / 4;
    }
  }
}

/** Clouds, as grey levels or as blots with an edge. */
export const cloudy: DrawField = (frame, random) => {
  clouds(random, field);
  const contrast = random() < 0.5 ? between(random, 150, 500) : between(random, 1000, 3000);
  const threshold = between(random, 0.3, 0.62);
  for (let i = 0; i < FRAME_PIXELS; i++) frame[i] = clip(contrast * (field[i]! - threshold));
};

/** Straight stripes of any width and direction, hard or soft. */
export const stripes: DrawField = (frame, random) => {
  const period = between(random, 3, 14);
  const angle = random() < 0.4 ? pick(random, [0, Math.PI / 2]) : between(random, 0, Math.PI);
  const [x, y] = [(Math.cos(angle) * 2 * Math.PI) / period, (Math.sin(angle) * 2 * Math.PI) / period];
  const phase = between(random, 0, 2 * Math.PI);
  const contrast = between(random, 80, 800);
  const bias = between(random, -0.5, 0.5);
  for (let row = 0, i = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, i++) {
      frame[i] = clip(128 + contrast * (bias + Math.sin(x * column + y * row + phase)));
    }
  }
};

/** A chequered board, upright or turned, and grids. */
export const checks: DrawField = (frame, random) => {
  const period = between(random, 4, 14);
  const angle = random() < 0.6 ? 0 : between(random, 0, Math.PI / 2);
  const [cos, sin] = [(Math.cos(angle) * 2 * Math.PI) / period, (Math.sin(angle) * 2 * Math.PI) / period];
  const [left, top] = [between(random, 0, 6), between(random, 0, 6)];
  const contrast = between(random, 150, 900);
  const isGrid = random() < 0.4;
  const width = between(random, 0.5, 0.9);
  for (let row = 0, i = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, i++) {
      const across = Math.sin(cos * column + sin * row + left);
      const down = Math.sin(cos * row - sin * column + top);
      const level = isGrid ? Math.max(across, down) - width : across * down;
      frame[i] = clip(isGrid ? contrast * level * 2 : 128 + contrast * level);
    }
  }
};

/** A gradient of light: along a line, or around a point. */
export const gradient: DrawField = (frame, random) => {
  const isRound = random() < 0.5;
  const [x, y] = [between(random, -4, 32), between(random, -4, 32)];
  const angle = between(random, 0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [from, slope] = [between(random, 0, 255), between(random, 4, 20)];
  const sign = random() < 0.5 ? 1 : -1;
  for (let row = 0, i = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, i++) {
      const [right, down] = [column - x, row - y];
      const away = isRound ? Math.sqrt(right * right + down * down) : right * cos + down * sin;
      frame[i] = clip(from + sign * slope * away);
    }
  }
};

/** An area of even ink: a disc, a bar or a box, or everything but that. */
export const patch: DrawField = (frame, random) => {
  const isRound = random() < 0.5;
  const [x, y] = [between(random, 8, 20), between(random, 8, 20)];
  const [width, height] = [between(random, 4, 12), between(random, 4, 12)];
  const [ink, ground] = random() < 0.75 ? [between(random, 120, 255), 0] : [0, between(random, 120, 255)];
  for (let row = 0, i = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, i++) {
      const [across, down] = [Math.abs(column - x) / width, Math.abs(row - y) / height];
      const reach = isRound ? Math.sqrt(across * across + down * down) : Math.max(across, down);
      const inside = Math.min(1, Math.max(0, (1 - reach) * Math.min(width, height) + 0.5));
      frame[i] = clip(ground + (ink - ground) * inside);
    }
  }
};

function clip(level: number): number {
  return level < 0 ? 0 : level > 255 ? 255 : level;
}
