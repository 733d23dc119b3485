import { FRAME_SIDE } from '../../image/frame.js';

// The frame with one pixel of background on every side; reused by every call.
const SIDE = FRAME_SIDE + 2;
const before = new Float32Array(SIDE * SIDE);

/**
 * Moves each pixel of a frame towards the lightest of itself and its four neighbours by the share `pixels` (thicker
 * strokes), or towards the darkest where `pixels` is negative (thinner strokes).
 */
export function changeStrokes(frame: Float32Array, pixels: number): void {
  const share = Math.abs(pixels);
  for (let row = 0; row < FRAME_SIDE; row++) {
    before.set(frame.subarray(row * FRAME_SIDE, (row + 1) * FRAME_SIDE), (row + 1) * SIDE + 1);
  }
  const wantsLarger = pixels > 0;
  for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
    const end = (row + 2) * SIDE - 1;
    for (let i = (row + 1) * SIDE + 1; i < end; i++, pixel++) {
      const own = before[i]!;
      let around = own;
      const up = before[i - SIDE]!;
      const down = before[i + SIDE]!;
      const left = before[i - 1]!;
      const right = before[i + 1]!;
      if (wantsLarger) {
        if (up > around) around = up;
        if (down > around) around = down;
        if (left > around) around = left;
        if (right > around) around = right;
      } else {
        if (up < around) around = up;
        if (down < around) around = down;
        if (left < around) around = left;
        if (right < around) around = right;
      }
      frame[pixel] = own + share * (around - own);
    }
  }
}
