import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { frameAt, FRAME_SIDE, planeOfFrame } from '../../../src/image/frame.js';
import { placeDigit } from '../../../src/image/view/place.js';
import { encodePng } from './digits.js';
import { drawnSet } from './drawn-set.js';

/** Draws `count` frames as MNIST's are, of 0 to 9 in turn, and saves them as `folder/<digit>/img_<i>.png`. */
export async function writeDigitFolder(folder: string, count: number, seed = 1): Promise<void> {
  const { frames, labels } = drawnSet(count, seed);
  for (const [i, digit] of labels.entries()) {
    const data = placeDigit(planeOfFrame(frameAt(frames, i)));
    mkdirSync(join(folder, String(digit)), { recursive: true });
    writeFileSync(
      join(folder, String(digit), `img_${i}.png`),
      await encodePng({ width: FRAME_SIDE, height: FRAME_SIDE, channels: 1, data }),
    );
  }
}
