import type { InkMask } from './fit-mask.js';

/** Pixels of ink that hang together, by sides or corners: `left … right`, `top … bottom`, both included. */
export interface InkPart {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Pixels. */
  readonly size: number;
}

export interface InkParts {
  /** `[height, width]`: the place of each pixel's part among `parts`; -1 for what is no ink. */
  readonly partOf: Int32Array;
  readonly parts: readonly InkPart[];
}

/** What hangs together of all pixels of at least `level`. */
export function inkParts({ width, height, data }: InkMask, level: number): InkParts {
  const partOf = new Int32Array(data.length).fill(-1);
  const parts: InkPart[] = [];
  const stack: number[] = [];
  for (let start = 0; start < data.length; start++) {
    if (data[start]! < level || partOf[start] !== -1) continue;
    const part = { left: width, top: height, right: 0, bottom: 0, size: 0 };
    partOf[start] = parts.length;
    stack.push(start);
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      const x = i % width;
      const y = (i - x) / width;
      part.size++;
      part.left = Math.min(part.left, x);
      part.right = Math.max(part.right, x);
      part.top = Math.min(part.top, y);
      part.bottom = Math.max(part.bottom, y);
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const j = v * width + u;
          if (data[j]! < level || partOf[j] !== -1) continue;
          partOf[j] = parts.length;
          stack.push(j);
        }
      }
    }
    parts.push(part);
  }
  return { partOf, parts };
}

/** The kept parts alone, with the half-dark pixels beside them. */
export function keepParts(
  { width, height, data }: InkMask,
  partOf: Int32Array,
  isKept: (part: number) => boolean,
): InkMask {
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (data[i] === 0) continue;
      let near = false;
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1) && !near; v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1) && !near; u++) {
          const part = partOf[v * width + u]!;
          near = part !== -1 && isKept(part);
        }
      }
      if (near) result[i] = data[i]!;
    }
  }
  return { width, height, data: result };
}
