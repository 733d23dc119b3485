import { deflateSync } from 'node:zlib';
import { pick, wholeBetween, type Random } from '../src/random.js';
import { randomStream } from '../src/random-streams.js';
import {
  drawDigit,
  encodeBmp,
  encodeGif,
  encodeJpeg,
  encodePng,
  encodeTiff,
  encodeWebp,
} from '../test/helpers/data/digits.js';
import { alphaBmpFile, announcing, pngFile, webpChunk, webpFile } from '../test/image/raw-files.js';
import { mutate, mutatePng, someBytes, withChunk } from './bytes.js';

/** Files that requests are made of; all drawn by the project's own pen. */
export interface Corpus {
  /** Whole pictures of every format. */
  readonly good: readonly [Buffer, ...Buffer[]];
  readonly png: readonly [Buffer, ...Buffer[]];
  /** Files that a careless service pays dearly for: with time, with memory or with its life. */
  readonly bombs: readonly [Buffer, ...Buffer[]];
}

/** Makes the files; the same every time. */
export async function drawCorpus(): Promise<Corpus> {
  const small = drawDigit(3);
  const random = randomStream('fuzzing');
  const large = drawDigit(8, {
    width: 64,
    height: 48,
    variant: 1,
    ink: 20,
    background: 230,
    jitter: 0.02,
    random,
  });
  const png: [Buffer, ...Buffer[]] = [
    await encodePng(small),
    await encodePng(large),
    indexedPng(),
    deepPng(),
  ];
  return {
    png,
    good: [
      ...png,
      await encodeJpeg(small),
      await encodeJpeg(large, { progressive: true }),
      encodeGif(small),
      animatedGif(encodeGif(small), 5),
      encodeBmp(large),
      encodeBmp(small, { topDown: true }),
      alphaBmpFile([3, 2, 1, 0, 6, 5, 4, 0]),
      await encodeWebp(small),
      await encodeWebp(large, { lossless: true }),
      await encodeTiff(small),
      await encodeTiff(large, { compression: 'jpeg', tile: true }),
      await encodeTiff(small, { compression: 'deflate' }),
    ],
    bombs: makeBombs(png[0], encodeGif(small), await encodeJpeg(large, { progressive: true })),
  };
}

/** Two colours out of a palette, one transparent; a bit a pixel. */
function indexedPng(): Buffer {
  const rows = Array.from({ length: 28 }, (_, y) => (y > 4 && y < 24 ? [0, 0x06, 0, 0] : [0, 0, 0, 0]));
  const file = pngFile({ width: 28, height: 28, bitDepth: 1, colourType: 3, rows });
  const withAlpha = withChunk(file, 'tRNS', Buffer.of(0));
  return withChunk(withAlpha, 'PLTE', Buffer.of(255, 255, 255, 0, 0, 40));
}

/** Sixteen bits a sample, colour and alpha. */
function deepPng(): Buffer {
  const row = Array.from({ length: 28 * 8 }, (_, i) => (i * 37) % 256);
  return pngFile({
    width: 28,
    height: 4,
    bitDepth: 16,
    colourType: 6,
    rows: Array.from({ length: 4 }, () => row),
  });
}

/** The same picture again and again. */
function animatedGif(gif: Buffer, frames: number): Buffer {
  const pictureAt = 13 + 768;
  const picture = gif.subarray(pictureAt, -1);
  return Buffer.concat([
    gif.subarray(0, pictureAt),
    ...Array.from({ length: frames }, () => picture),
    Buffer.of(0x3b),
  ]);
}

function makeBombs(png: Buffer, gif: Buffer, jpeg: Buffer): [Buffer, ...Buffer[]] {
  const zeros = deflateSync(Buffer.alloc(50_000_000));
  const profile = Buffer.concat([Buffer.from('icc\0\0'), zeros]);
  const bits = (side: number): Buffer => {
    const header = pngFile({ width: side, height: side, bitDepth: 1, colourType: 0, rows: [] }).subarray(
      0,
      33,
    );
    const rest = pngFile({ width: 1, height: 1, bitDepth: 1, colourType: 0, rows: [[0]] });
    return withChunk(Buffer.concat([header, rest.subarray(-12)]), 'IDAT', zeros);
  };
  return [
    ...(Object.values(announcing(60_000, 60_000)) as [Buffer, ...Buffer[]]),
    ...Object.values(announcing(4_999, 4_999)),
    withChunk(png, 'iCCP', profile),
    withChunk(png, 'zTXt', profile),
    withChunk(png, 'iTXt', Buffer.concat([Buffer.from('c\0\x01\0\0\0'), zeros])),
    // More pixels than the header says, before and after those that belong to it.
    withChunk(png, 'IDAT', zeros),
    bits(4_999),
    bits(60_000),
    animatedGif(gif, 1_000),
    Buffer.concat([
      png.subarray(0, 33),
      Buffer.alloc(1_200_000, Buffer.from([0, 0, 0, 0, 116, 69, 88, 116, 0, 0, 0, 0])),
    ]),
    Buffer.concat([Buffer.of(0xff, 0xd8), Buffer.alloc(1_000_000, 0xff)]),
    manyScans(jpeg, 2_000),
    largerThanItsCanvas(4_999),
    Buffer.concat([Buffer.of(0xff, 0xd8), Buffer.alloc(1_000_000, Buffer.of(0xff, 0xe0, 0, 2))]),
  ];
}

/** The last scan of a progressive picture again and again, each over the whole picture. */
function manyScans(jpeg: Buffer, scans: number): Buffer {
  const scan = jpeg.subarray(jpeg.lastIndexOf(Buffer.of(0xff, 0xda)), -2);
  return Buffer.concat([
    jpeg.subarray(0, -2),
    ...Array.from({ length: scans }, () => scan),
    jpeg.subarray(-2),
  ]);
}

/** A WebP that says 10 x 10 of a lossless picture of this side: its bytes are one colour for every pixel. */
function largerThanItsCanvas(side: number): Buffer {
  const bits = Buffer.alloc(5);
  bits.writeUInt8(0x2f, 0);
  bits.writeUInt32LE((side - 1) | ((side - 1) << 14), 1);
  const canvas = Buffer.of(0, 0, 0, 0, 9, 0, 0, 9, 0, 0);
  return webpFile('VP8X', canvas, webpChunk('VP8L', Buffer.concat([bits, Buffer.alloc(64)])));
}

/** A file that is wrong somewhere, mostly. */
export function someImage({ good, png }: Corpus, random: Random): Buffer {
  const kind = random();
  if (kind < 0.05) return someBytes(random, wholeBetween(random, 0, 200));
  if (kind < 0.4) return mutatePng(pick(random, png), random);
  const file = pick(random, good);
  if (kind < 0.5) return file.subarray(0, wholeBetween(random, 0, file.length));
  if (kind < 0.55)
    return Buffer.concat([file.subarray(0, wholeBetween(random, 0, file.length)), pick(random, good)]);
  return mutate(file, random);
}
