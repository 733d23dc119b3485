/** One value a pixel, 0-255, rows from the top: grey levels, or ink where 0 is paper and 255 full ink. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` */
  readonly data: Uint8Array;
}

/** Pixels `left … right`, `top … bottom`, both included. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The smallest box around all that is not 0; `undefined` where nothing is. */
export function boxOf({ width, data }: Plane): Box | undefined {
  let first = 0;
  while (first < data.length && data[first] === 0) first++;
  if (first === data.length) return undefined;
  let last = data.length - 1;
  while (data[last] === 0) last--;
  const top = Math.floor(first / width);
  const bottom = Math.floor(last / width);
  let left = width - 1;
  let right = 0;
  for (let y = top, row = y * width; y <= bottom; y++, row += width) {
    for (let x = 0; x < left; x++) if (data[row + x] !== 0) left = x;
    for (let x = width - 1; x > right; x--) if (data[row + x] !== 0) right = x;
  }
  return { left, top, right, bottom };
}

/** A copy of what lies in the box; beyond the plane there is 0. */
export function crop({ width, height, data }: Plane, box: Box): Plane {
  const cropped = new Uint8Array((box.right - box.left + 1) * (box.bottom - box.top + 1));
  const croppedWidth = box.right - box.left + 1;
  const from = Math.max(0, box.left);
  const to = Math.min(width, box.right + 1);
  for (let y = Math.max(0, box.top); y < Math.min(height, box.bottom + 1); y++) {
    const row = data.subarray(y * width + from, y * width + to);
    cropped.set(row, (y - box.top) * croppedWidth + from - box.left);
  }
  return { width: croppedWidth, height: box.bottom - box.top + 1, data: cropped };
}

/** 255 becomes 0. */
export function invert({ width, height, data }: Plane): Plane {
  const inverted = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) inverted[i] = 255 - data[i]!;
  return { width, height, data: inverted };
}
