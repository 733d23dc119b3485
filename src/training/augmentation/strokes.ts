import { FRAME_PIXELS, FRAME_SIDE } from '../../image/frame.js';

// Room to work in, used anew by every call: the frame with one pixel of background on every side.
const SIDE = FRAME_SIDE + 2;
const before = new Float32Array(SIDE * SIDE);

/**
 * Moves each pixel of one frame towards the lightest of itself and its four neighbours by the share `pixels`
 * (thicker strokes), or towards the darkest where that is negative (thinner ones).
 */
export function changeStrokes(frame: Float32Array, pixels: number): void {
  const share = Math.abs(pixels);
  for (let row = 0; row < FRAME_SIDE; row++) {
    before.set(frame.subarray(row * FRAME_SIDE, (row + 1) * FRAME_SIDE), (row + 1) * SIDE + 1);
  }
  for (let pixel = 0, i = SIDE + 1; pixel < FRAME_PIXELS; pixel++, i++) {
    if (pixel > 0 && pixel % FRAME_SIDE === 0) i += 2;
    const own = before[i]!;
    const [up, down, left, right] = [before[i - SIDE]!, before[i + SIDE]!, before[i - 1]!, before[i + 1]!];
    const around = pixels > 0 ? Math.max(own, up, down, left, right) : Math.min(own, up, down, left, right);
    frame[pixel] = own + share * (around - own);
  }
}
