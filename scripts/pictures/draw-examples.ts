/**
 * Draws the samples of `examples/digits/` and `examples/numbers/`: npx tsx scripts/pictures/draw-examples.ts
 * The same files come out each time.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import type { Raster } from '../../src/image/raster.js';
import { drawDigit, type DigitStyle } from '../../src/drawing/draw-digit.js';

const FOLDER = fileURLToPath(new URL('../../examples/', import.meta.url));

/** A calm hand; `seed` decides how it shakes. */
function byHand(seed: number, style: DigitStyle): DigitStyle {
  return { jitter: 0.022, random: lehmer(seed), ...style };
}

/** Uniform numbers in [0, 1): https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function lehmer(seed: number): () => number {
  let state = (seed * 2_654_435 + 1) % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** How each of `0.png … 9.png` is written, white on black, 28 x 28. */
const STYLES: readonly DigitStyle[] = [
  { variant: 0, slantDegrees: 8 },
  { variant: 0, slantDegrees: 4, penWidth: 2.6 },
  { variant: 1, slantDegrees: 2 },
  { variant: 0, slantDegrees: 6 },
  { variant: 0, slantDegrees: 4, penWidth: 2.2 },
  { variant: 1, slantDegrees: 10 },
  { variant: 0, slantDegrees: 3 },
  { variant: 0, slantDegrees: 4, penWidth: 2.6 },
  { variant: 0, slantDegrees: 12 },
  { variant: 0, slantDegrees: 6 },
];

/** Dark ink on light paper. */
const ON_PAPER: DigitStyle = { width: 320, height: 320, penWidth: 27, softness: 4, ink: 48, background: 228 };

/** As a camera sees paper: brighter towards one corner, with some grain. */
function photographed(raster: Raster, seed: number): Raster {
  const random = lehmer(seed);
  const { width, height } = raster;
  const data = raster.data.map((level, i) => {
    const fromCorner = (i % width) / width + Math.floor(i / width) / height;
    const grain = (random() + random() - 1) * 4;
    return Math.round(level * (1.04 - 0.05 * fromCorner) + grain);
  });
  return { ...raster, data };
}

/** A number as a form has it: digits beside each other, dark on light. */
const NUMBER = '2047';
const NUMBER_HEIGHT = 48;
const NUMBER_STEP = 30;

function drawNumber(): Raster {
  const height = NUMBER_HEIGHT;
  const width = height + (NUMBER.length - 1) * NUMBER_STEP;
  const style = { width: height, height, digitSize: 32, penWidth: 4, ink: 40, background: 235 };
  const data = new Uint8Array(width * height).fill(style.background);
  for (const [place, digit] of NUMBER.split('').entries()) {
    const drawn = drawDigit(Number(digit), byHand(place + 20, { ...style, slantDegrees: 6 }));
    drawn.data.forEach((level, i) => {
      const at = Math.floor(i / height) * width + place * NUMBER_STEP + (i % height);
      data[at] = Math.min(data[at] ?? level, level);
    });
  }
  return { width, height, channels: 1, data };
}

async function main(): Promise<void> {
  for (const folder of ['digits', 'numbers']) await mkdir(FOLDER + folder, { recursive: true });
  for (const [digit, style] of STYLES.entries()) {
    await save(`digits/${digit}.png`, await png(drawDigit(digit, byHand(digit, style))));
  }
  await save('digits/7.jpg', await jpeg(drawDigit(7, byHand(17, { variant: 1, slantDegrees: 4 }))));
  for (const digit of [3, 4]) {
    const onPaper = drawDigit(digit, byHand(digit + 10, { ...ON_PAPER, variant: 1, slantDegrees: 5 }));
    await save(`digits/${digit}-photo.jpg`, await jpeg(photographed(onPaper, digit)));
  }
  const wide = { ...ON_PAPER, width: 240, height: 160, digitSize: 140, penWidth: 18 };
  await save('digits/5-wide.png', await png(drawDigit(5, byHand(15, wide))));
  // Of few gray levels, since the OpenAPI document has it in base64.
  const few = { compressionLevel: 9, palette: true, colours: 8, dither: 0 };
  await save(`numbers/${NUMBER}.png`, await pipeline(drawNumber()).png(few).toBuffer());
}

function pipeline({ width, height, data }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
}

function png(raster: Raster): Promise<Buffer> {
  return pipeline(raster).png({ compressionLevel: 9 }).toBuffer();
}

function jpeg(raster: Raster): Promise<Buffer> {
  return pipeline(raster).jpeg({ quality: 85 }).toBuffer();
}

async function save(name: string, bytes: Buffer): Promise<void> {
  await writeFile(FOLDER + name, bytes);
  console.log(`${name}: ${bytes.length} bytes`);
}

await main();
