import sharp, { type Sharp } from 'sharp';
import { FRAME_SIDE, type Frame } from '../../src/image/frame.js';
import type { Raster } from '../../src/image/raster.js';
import { between, type Random } from '../../src/random.js';

/** A way in which people's pictures of a digit differ from a frame. */
export interface Variant {
  readonly name: string;
  /** How such a picture is made, in a few words. */
  readonly how: string;
  /** Whether one takes long to make. */
  readonly isLarge?: boolean;
  /** The file of a picture that shows the digit of a frame. */
  readonly render: (frame: Frame, random: Random) => Promise<Uint8Array>;
}

/** A digit on a sheet, lengths in pixels. */
interface Sheet {
  readonly width: number;
  readonly height: number;
  /** Side of the square that the whole frame is drawn into, and its upper left corner. */
  readonly side: number;
  readonly left: number;
  readonly top: number;
  /** The level of the frame, 0..1, at which a stroke's edge lies: a high one gives thin strokes. */
  readonly edge: number;
  /** How far the level is from the edge where ink is full; 0.5 at an edge of 0.5 leaves the levels as they are. */
  readonly softness: number;
}

/** How much of each pixel ink covers, 0..1, `[height, width]`: the frame interpolated, its edges as sharp as told. */
function cover(frame: Frame, { width, height, side, left, top, edge, softness }: Sheet): Float32Array {
  const covered = new Float32Array(width * height);
  const scale = FRAME_SIDE / side;
  const levelAt = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= FRAME_SIDE || y >= FRAME_SIDE ? 0 : frame[y * FRAME_SIDE + x]! / 255;
  const bottom = Math.min(height, Math.ceil(top + side));
  const right = Math.min(width, Math.ceil(left + side));
  for (let y = Math.max(0, Math.floor(top)); y < bottom; y++) {
    const v = (y + 0.5 - top) * scale - 0.5;
    const row = Math.floor(v);
    for (let x = Math.max(0, Math.floor(left)); x < right; x++) {
      const u = (x + 0.5 - left) * scale - 0.5;
      const column = Math.floor(u);
      const upper = levelAt(column, row) + (u - column) * (levelAt(column + 1, row) - levelAt(column, row));
      const lower =
        levelAt(column, row + 1) + (u - column) * (levelAt(column + 1, row + 1) - levelAt(column, row + 1));
      const level = upper + (v - row) * (lower - upper);
      covered[y * width + x] = Math.min(1, Math.max(0, (level - edge) / (2 * softness) + 0.5));
    }
  }
  return covered;
}

/** The digit about the middle of a sheet, with a pen of the frame's own width. */
function middle(width: number, height: number, share: number, random: Random): Sheet {
  const side = share * Math.min(width, height);
  return {
    width,
    height,
    side,
    left: between(random, 0, width - side),
    top: between(random, 0, height - side),
    edge: 0.5,
    softness: 0.2,
  };
}

/** What a camera adds; every function gives the share of the light that is left at a point, 0..1. */
interface Photo {
  readonly paper: number;
  /** Share of the light that full ink sends back. */
  readonly inkShare: number;
  readonly light: (x: number, y: number) => number;
  /** Share of the light that what is printed on the paper sends back. */
  readonly print: (x: number, y: number) => number;
  /** Grey levels. */
  readonly grain: number;
}

function photograph(covered: Float32Array, sheet: Sheet, photo: Photo, random: Random): Raster {
  const { width, height } = sheet;
  const data = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const ink = 1 - covered[i]! * (1 - photo.inkShare);
      const grain = (random() + random() - 1) * 2.4 * photo.grain;
      const level = photo.paper * photo.light(x, y) * Math.min(ink, photo.print(x, y)) + grain;
      data[i] = Math.max(0, Math.min(255, Math.round(level)));
    }
  }
  return { width, height, channels: 1, data };
}

/** Darker towards one side. */
function unevenLight({ width, height }: Sheet, random: Random): (x: number, y: number) => number {
  const angle = between(random, 0, 2 * Math.PI);
  const across = Math.cos(angle) / width;
  const down = Math.sin(angle) / height;
  const fall = between(random, 0.1, 0.35);
  return (x, y) => 1 - fall * (0.5 + (x - width / 2) * across + (y - height / 2) * down);
}

/** Half in the shadow, whose edge is soft. */
function shadow({ width, height }: Sheet, random: Random): (x: number, y: number) => number {
  const angle = between(random, 0, 2 * Math.PI);
  const across = Math.cos(angle);
  const down = Math.sin(angle);
  const away = between(random, -0.25, 0.25) * Math.min(width, height);
  const soft = between(random, 0.01, 0.08) * width;
  const dim = between(random, 0.4, 0.65);
  return (x, y) => {
    const distance = (x - width / 2) * across + (y - height / 2) * down - away;
    return 1 - (1 - dim) * Math.min(1, Math.max(0, distance / soft + 0.5));
  };
}

/** Lines from edge to edge, a little askew. */
function ruled({ width, side }: Sheet, random: Random): (x: number, y: number) => number {
  const slope = between(random, -0.03, 0.03);
  const spacing = side * between(random, 0.3, 0.6);
  const thickness = Math.max(1.2, side * between(random, 0.008, 0.015));
  const first = between(random, 0, spacing);
  const print = between(random, 0.45, 0.75);
  return (x, y) => {
    const past = y - first - slope * (x - width / 2);
    const fromLine = Math.abs(past - spacing * Math.round(past / spacing));
    return fromLine < thickness / 2 ? print : 1;
  };
}

const nothing = (): number => 1;
const PAPER = { paper: 225, inkShare: 0.25, light: nothing, print: nothing, grain: 0 };

/** Black on white, as a program draws it. */
function drawn(frame: Frame, sheet: Sheet, random: Random): Raster {
  return photograph(cover(frame, sheet), sheet, { ...PAPER, paper: 255, inkShare: 0 }, random);
}

async function takePhoto(
  frame: Frame,
  sheet: Sheet,
  settings: Partial<Photo>,
  random: Random,
  quality = 80,
): Promise<Uint8Array> {
  const grain = between(random, 1.5, 5);
  return encodeJpeg(
    photograph(cover(frame, sheet), sheet, { ...PAPER, grain, ...settings }, random),
    quality,
  );
}

/** A JPEG file of 4000 x 3000 pixels. */
export async function largePhoto(frame: Frame, random: Random): Promise<Uint8Array> {
  const sheet = middle(4000, 3000, 0.45, random);
  return takePhoto(frame, sheet, { light: unevenLight(sheet, random) }, random);
}

/** Pictures as people have them, one kind a row. */
export const VARIANTS: readonly Variant[] = [
  {
    name: 'a frame of MNIST',
    how: 'as it is, 28 x 28',
    render: async (frame) => encodePng({ width: FRAME_SIDE, height: FRAME_SIDE, channels: 1, data: frame }),
  },
  {
    name: 'inverted',
    how: 'the frame, black on white, 28 x 28',
    render: async (frame) =>
      encodePng({
        width: FRAME_SIDE,
        height: FRAME_SIDE,
        channels: 1,
        data: frame.map((level) => 255 - level),
      }),
  },
  {
    name: 'corner',
    how: 'drawn in a corner of 280 x 280',
    render: async (frame, random) => {
      const side = 112;
      const left = random() < 0.5 ? -10 : 280 - side + 10;
      const top = random() < 0.5 ? -10 : 280 - side + 10;
      return encodePng(drawn(frame, { ...middle(280, 280, 0.4, random), side, left, top }, random));
    },
  },
  {
    name: 'small',
    how: 'drawn a tenth of 280 x 280 high',
    render: async (frame, random) =>
      encodePng(drawn(frame, { ...middle(280, 280, 0.14, random), softness: 0.5 }, random)),
  },
  {
    name: 'thick',
    how: 'a pen about half again as wide, 280 x 280',
    render: async (frame, random) =>
      encodePng(drawn(widened(frame), { ...middle(280, 280, 0.9, random), edge: 0.35 }, random)),
  },
  {
    name: 'thin',
    how: 'a pen about a third as wide, 280 x 280',
    render: async (frame, random) =>
      encodePng(
        drawn(narrowed(frame), { ...middle(280, 280, 0.9, random), edge: 0.55, softness: 0.1 }, random),
      ),
  },
  {
    name: 'shadowed',
    how: 'a photo, 400 x 300, a shadow across it',
    render: async (frame, random) => {
      const sheet = middle(400, 300, 0.8, random);
      const edge = shadow(sheet, random);
      const uneven = unevenLight(sheet, random);
      return takePhoto(frame, sheet, { light: (x, y) => edge(x, y) * uneven(x, y) }, random);
    },
  },
  {
    name: 'ruled paper',
    how: 'a photo, 400 x 300, of ruled paper',
    render: async (frame, random) => {
      const sheet = middle(400, 300, 0.8, random);
      return takePhoto(
        frame,
        sheet,
        { light: unevenLight(sheet, random), print: ruled(sheet, random) },
        random,
      );
    },
  },
  {
    name: 'JPEG quality 20',
    how: 'black on white, 96 x 96',
    render: async (frame, random) => encodeJpeg(drawn(frame, middle(96, 96, 0.8, random), random), 20),
  },
  {
    name: '12 megapixels',
    how: 'a photo, 4000 x 3000, the digit a third of it',
    isLarge: true,
    render: largePhoto,
  },
];

/** The largest of each pixel and its neighbours, weighed: strokes become about a pixel wider. */
function widened(frame: Frame): Frame {
  return neighbours(frame, (own, side) => Math.max(own, 0.85 * side));
}

/** The least of them: what is left are the middles of strokes, which never vanish. */
function narrowed(frame: Frame): Frame {
  return neighbours(frame, (own, _side, other) => (own === 0 ? 0 : Math.max(0, own - 0.45 * (255 - other))));
}

function neighbours(frame: Frame, change: (own: number, largest: number, least: number) => number): Frame {
  return frame.map((own, i) => {
    const x = i % FRAME_SIDE;
    const around = [
      x > 0 ? frame[i - 1]! : 0,
      x < FRAME_SIDE - 1 ? frame[i + 1]! : 0,
      frame[i - FRAME_SIDE] ?? 0,
      frame[i + FRAME_SIDE] ?? 0,
    ];
    return Math.round(change(own, Math.max(...around), Math.min(...around)));
  });
}

export async function encodePng(raster: Raster): Promise<Uint8Array> {
  return pipeline(raster).png({ compressionLevel: 1 }).toBuffer();
}

export async function encodeJpeg(raster: Raster, quality: number): Promise<Uint8Array> {
  return pipeline(raster).jpeg({ quality }).toBuffer();
}

function pipeline({ width, height, channels, data }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels } }).toColourspace('b-w');
}
