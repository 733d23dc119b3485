import { drawDigit } from '../../../src/drawing/draw-digit.js';
import type { Raster } from '../../../src/image/raster.js';

/** A strip of digits of this project's pen, dark on light, `side` pixels high, lines below each other. */
export function numberPicture(text: string, side = 56, step = 36): Raster {
  const lines = text.split('\n');
  const length = Math.max(...lines.map((line) => line.length), 1);
  const width = side + (length - 1) * step;
  const height = lines.length * side;
  const data = new Uint8Array(width * height).fill(235);
  lines.forEach((line, row) =>
    Array.from(line).forEach((digit, place) => {
      if (digit === ' ') return;
      const drawn = drawDigit(Number(digit), { width: side, height: side, ink: 30, background: 235 });
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const at = (row * side + y) * width + place * step + x;
          data[at] = Math.min(data[at] ?? 0, drawn.data[y * side + x] ?? 255);
        }
      }
    }),
  );
  return { width, height, channels: 1, data };
}
