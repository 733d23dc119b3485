import sharp from 'sharp';
import { digitPaths } from '../../src/drawing/draw-digit.js';
import { createRandom } from '../../src/random.js';

/** How a number is written into a picture; lengths are in its pixels. */
interface Writing {
  /** The left end, and the line that it stands on. */
  readonly x: number;
  readonly y: number;
  /** Of its digits. */
  readonly height: number;
  /** From the middle of a digit to that of the next. */
  readonly step: number;
  readonly penWidth: number;
  readonly ink?: string;
  readonly seed?: number;
}

/** A number as SVG, as a hand writes it: no digit quite like another. Spaces leave room. */
function written(text: string, { x, y, height, step, penWidth, ink = '#22305c', seed = 1 }: Writing): string {
  const random = createRandom(seed);
  const strokes = text.split('').flatMap((digit, place) => {
    if (digit === ' ') return [];
    const size = height * (0.94 + 0.12 * random());
    return digitPaths(Number(digit), {
      width: height,
      height,
      digitSize: size,
      penWidth,
      variant: Math.floor(2 * random()),
      slantDegrees: 6 + 6 * random(),
      jitter: 0.015,
      random,
      shiftX: x + step * (place + 0.5) - height / 2,
      shiftY: y - height + 0.05 * height * (random() - 0.5),
    });
  });
  const paths = strokes.map((stroke) => `<path d="M${stroke.map((point) => point.join(' ')).join('L')}"/>`);
  const pen = `fill="none" stroke="${ink}" stroke-width="${penWidth}" stroke-linecap="round" stroke-linejoin="round"`;
  return `<g ${pen}>${paths.join('')}</g>`;
}

/** A PNG file of what SVG describes. */
function pngOf(width: number, height: number, ...content: readonly string[]): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

function paper(color: string): string {
  return `<rect width="100%" height="100%" fill="${color}"/>`;
}

/** The amount on a cheque: on tinted paper with a fine pattern, over a ruled line. */
export const CHEQUE = '47290';
export function chequeLine(): Promise<Buffer> {
  const waves = Array.from({ length: 16 }, (_, i) => {
    const y = 8 + 14 * i;
    const bends = 't50 0'.repeat(18);
    return `<path d="M-20 ${y}q25 ${6 + (i % 3) * 2} 50 0${bends}"/>`;
  });
  return pngOf(
    760,
    220,
    paper('#eef0e2'),
    `<g fill="none" stroke="#d7e0d0" stroke-width="1">${waves.join('')}</g>`,
    '<path d="M40 176H720" stroke="#7d8a86" stroke-width="2"/>',
    written(CHEQUE, { x: 120, y: 166, height: 110, step: 96, penWidth: 9, seed: 6 }),
  );
}

/** A date in the comb of a form. */
export const COMB = '18072026';
export function formComb(): Promise<Buffer> {
  const [cell, left, top, bottom] = [76, 36, 40, 150];
  const right = left + COMB.length * cell;
  const teeth = Array.from({ length: COMB.length + 1 }, (_, i) => `M${left + i * cell} ${top}V${bottom}`);
  return pngOf(
    right + left,
    190,
    paper('#fdfcf8'),
    `<path d="M${left} ${bottom}H${right}M${left} ${top}H${right}${teeth.join('')}" fill="none" stroke="#d98d7a" stroke-width="2"/>`,
    written(COMB, { x: left, y: bottom - 16, height: 78, step: cell, penWidth: 5, ink: '#26242b', seed: 9 }),
  );
}

/** Readings of a meter, on ruled paper with a margin. */
export const METER = ['30417', '30982', '31560', '32248', '32795'] as const;
export function pageOfLines(): Promise<Buffer> {
  const [width, step, first] = [620, 120, 150];
  const height = first + METER.length * step;
  const rules = METER.map((_, i) => `M0 ${first + i * step}H${width}`);
  return pngOf(
    width,
    height,
    '<linearGradient id="light" x2="1" y2="1"><stop stop-color="#fbf8ef"/><stop offset="1" stop-color="#dcd6c6"/></linearGradient>',
    paper('url(#light)'),
    `<path d="${rules.join('')}" stroke="#a9bdd4" stroke-width="2"/>`,
    `<path d="M92 0V${height}" stroke="#dca0a0" stroke-width="2"/>`,
    ...METER.map((text, i) =>
      written(text, {
        x: 140,
        y: first + i * step - 6,
        height: 80,
        step: 74,
        penWidth: 7,
        seed: 20 + i,
      }),
    ),
  );
}
