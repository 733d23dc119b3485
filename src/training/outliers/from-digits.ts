/** Non-digits made of digits: pieces, two in one frame, and parts put together in another order. */
import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../../image/frame.js';
import { between, pick, wholeBetween, type Random } from '../../random.js';

/** The training images that outliers are made of; `pixels` `[count, 28, 28]`, `labels` 0..9. */
export interface Digits {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

export type DrawFromDigits = (frame: Frame, digits: Digits, random: Random) => void;

/** A frame has the ink in 20x20 pixels with 4 pixels of background around it. */
const MARGIN = 4;
const BOX = FRAME_SIDE - 2 * MARGIN;

type Half = 'top' | 'bottom' | 'left' | 'right';

/** Halves that are no digit; the bottom of a 7 is a 1, the top of an 8 a 0. */
const SAFE_HALVES: Readonly<Record<number, readonly [Half, ...Half[]]>> = {
  0: ['top', 'bottom'],
  2: ['bottom'],
  3: ['left', 'top'],
  4: ['top', 'left'],
  5: ['top', 'left'],
  8: ['left'],
};

/** Half a digit, where it was or centred. */
export const piece: DrawFromDigits = (frame, digits, random) => {
  const image = search(digits.labels, random, (label) => label in SAFE_HALVES);
  const half = pick(random, SAFE_HALVES[digits.labels[image]!] ?? ['top']);
  const cut = wholeBetween(random, 12, 15);
  const shift = random() < 0.5 ? 0 : 7;
  frame.fill(0);
  for (let row = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++) {
      const along = half === 'top' || half === 'bottom' ? row : column;
      const isBefore = half === 'top' || half === 'left';
      if (isBefore ? along >= cut : along < cut) continue;
      const moved = along + (isBefore ? shift : -shift);
      if (moved < 0 || moved >= FRAME_SIDE) continue;
      const to = half === 'top' || half === 'bottom' ? moved * FRAME_SIDE + column : row * FRAME_SIDE + moved;
      frame[to] = digits.pixels[image * FRAME_PIXELS + row * FRAME_SIDE + column]!;
    }
  }
};

/** Two digits over each other, too far apart to pass for one in a thick hand. */
export const overlap: DrawFromDigits = (frame, digits, random) => {
  const [a, b] = [notOne(digits, random), notOne(digits, random)];
  const angle = between(random, 0, 2 * Math.PI);
  const away = between(random, 2.5, 4.5);
  const [x, y] = [Math.round(away * Math.cos(angle)), Math.round(away * Math.sin(angle))];
  frame.fill(0);
  paste(frame, digits, a, { left: x, top: y, width: FRAME_SIDE, height: FRAME_SIDE });
  paste(frame, digits, b, { left: -x, top: -y, width: FRAME_SIDE, height: FRAME_SIDE });
};

/** Two digits side by side in one frame, sometimes one above the other: narrow, or small. */
export const pair: DrawFromDigits = (frame, digits, random) => {
  const [a, b] = [anyOf(digits.labels, random), anyOf(digits.labels, random)];
  const isColumn = random() < 0.15;
  const across = between(random, 15, 21);
  const along = random() < 0.5 ? FRAME_SIDE : between(random, across, FRAME_SIDE);
  const apart = between(random, 9, 11.5);
  const places = [FRAME_SIDE / 2 - apart / 2, FRAME_SIDE / 2 + apart / 2];
  frame.fill(0);
  [a, b].forEach((image, i) => {
    const middle = places[i]!;
    const place = isColumn
      ? { left: (FRAME_SIDE - along) / 2, top: middle - across / 2, width: along, height: across }
      : { left: middle - across / 2, top: (FRAME_SIDE - along) / 2, width: across, height: along };
    paste(frame, digits, image, place);
  });
};

/** The gap between two digits of a row: the end of one and the beginning of the next. */
export const inBetween: DrawFromDigits = (frame, digits, random) => {
  const [a, b] = [notOne(digits, random), notOne(digits, random)];
  const step = between(random, 9, 11);
  const off = between(random, -1.5, 1.5);
  frame.fill(0);
  paste(frame, digits, a, { left: off - step, top: 0, width: FRAME_SIDE, height: FRAME_SIDE });
  paste(frame, digits, b, { left: off + step, top: 0, width: FRAME_SIDE, height: FRAME_SIDE });
};

/** Digits that are none when they lie on either side. */
const NONE_ON_ITS_SIDE: ReadonlySet<number> = new Set([2, 3, 4, 5, 7]);

/** A digit on its side. */
export const sideways: DrawFromDigits = (frame, digits, random) => {
  const image = search(digits.labels, random, (label) => NONE_ON_ITS_SIDE.has(label)) * FRAME_PIXELS;
  const toTheRight = random() < 0.5;
  for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, pixel++) {
      const [x, y] = toTheRight ? [row, FRAME_SIDE - 1 - column] : [FRAME_SIDE - 1 - row, column];
      frame[pixel] = digits.pixels[image + y * FRAME_SIDE + x]!;
    }
  }
};

/** A digit cut into 2x2 to 5x5 parts, in another order. */
export const shuffled: DrawFromDigits = (frame, digits, random) => {
  const image = notOne(digits, random) * FRAME_PIXELS;
  const parts = pick(random, [2, 4, 5]);
  const side = BOX / parts;
  const order = derangement(parts * parts, random);
  frame.fill(0);
  order.forEach((from, to) => {
    const source = (MARGIN + Math.floor(from / parts) * side) * FRAME_SIDE + MARGIN + (from % parts) * side;
    const target = (MARGIN + Math.floor(to / parts) * side) * FRAME_SIDE + MARGIN + (to % parts) * side;
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const away = row * FRAME_SIDE + column;
        frame[target + away] = digits.pixels[image + source + away]!;
      }
    }
  });
};

/** A permutation of 0 … count-1 that leaves no number in its place: one cycle (Sattolo, 1986). */
function derangement(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function anyOf(labels: Uint8Array, random: Random): number {
  return Math.floor(random() * labels.length);
}

/** Any digit but a 1, parts of which are 1s. */
function notOne({ labels }: Digits, random: Random): number {
  return search(labels, random, (label) => label !== 1);
}

/** An image of a label that fits, from a random index on; any where none fits. */
function search(labels: Uint8Array, random: Random, fits: (label: number) => boolean): number {
  const first = anyOf(labels, random);
  for (let i = 0; i < labels.length; i++) {
    const image = (first + i) % labels.length;
    if (fits(labels[image]!)) return image;
  }
  return first;
}

/** Draws a digit's frame, scaled to a rectangle, over the frame: the lighter of the two, bilinear. */
function paste(
  frame: Frame,
  { pixels }: Digits,
  image: number,
  place: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): void {
  const source = image * FRAME_PIXELS;
  const [perColumn, perRow] = [FRAME_SIDE / place.width, FRAME_SIDE / place.height];
  for (
    let row = Math.max(0, Math.ceil(place.top));
    row < Math.min(FRAME_SIDE, place.top + place.height);
    row++
  ) {
    const y = (row + 0.5 - place.top) * perRow - 0.5;
    const top = Math.min(FRAME_SIDE - 2, Math.max(0, Math.floor(y)));
    const down = Math.min(1, Math.max(0, y - top));
    for (
      let column = Math.max(0, Math.ceil(place.left));
      column < Math.min(FRAME_SIDE, place.left + place.width);
      column++
    ) {
      const x = (column + 0.5 - place.left) * perColumn - 0.5;
      const left = Math.min(FRAME_SIDE - 2, Math.max(0, Math.floor(x)));
      const right = Math.min(1, Math.max(0, x - left));
      const here = source + top * FRAME_SIDE + left;
      const above = pixels[here]! * (1 - right) + pixels[here + 1]! * right;
      const below = pixels[here + FRAME_SIDE]! * (1 - right) + pixels[here + FRAME_SIDE + 1]! * right;
      const level = above * (1 - down) + below * down;
      const pixel = row * FRAME_SIDE + column;
      if (level > frame[pixel]!) frame[pixel] = level;
    }
  }
}
