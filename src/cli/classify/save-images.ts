import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import type { LabelledFrames } from '../../data/labelled-frames.js';
import { frameAt, planeOfFrame } from '../../image/frame.js';
import { planePng } from '../../image/plane-png.js';

export interface SaveSettings {
  readonly folder: string;
  readonly count: number;
  /** Chooses the images; a larger `count` adds to those of a smaller one. */
  readonly seed: number;
  /** Whether a file of the same name and another content is replaced. */
  readonly force: boolean;
}

/**
 * Saves random images as PNG files named after their label: `img_00_truelabel_7.png`.
 * @returns their paths
 * @throws InkdigitError `file_exists` for a file that would have to be replaced, `invalid_option` for more images
 * than there are
 */
export async function saveRandomImages(data: LabelledFrames, settings: SaveSettings): Promise<string[]> {
  const { folder, count, seed, force } = settings;
  const { frames, labels } = data;
  if (count > frames.count) {
    const message = `Expected at most ${frames.count} images to save, as many as there are; got ${count}.`;
    throw new InkdigitError('invalid_option', message);
  }
  const [{ shuffle }, { randomStream }] = await Promise.all([
    import('../../random.js'),
    import('../../random-streams.js'),
  ]);
  const order = new Uint32Array(frames.count);
  shuffle(order, randomStream('savedImages', seed));
  await makeFolder(folder);
  const digits = Math.max(2, String(count - 1).length);
  const paths: string[] = [];
  for (const [number, index] of order.subarray(0, count).entries()) {
    const name = `img_${String(number).padStart(digits, '0')}_truelabel_${labels[index]}.png`;
    const path = join(folder, name);
    await writeUnlessOther(path, planePng(planeOfFrame(frameAt(frames, index))), force);
    paths.push(path);
  }
  return paths;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const message = `Cannot make the folder ${folder}: ${faultAndAdvice(cause, 'folder')} --folder takes another.`;
    throw new InkdigitError('write_failed', message, { cause });
  }
}

async function writeUnlessOther(path: string, bytes: Buffer, force: boolean): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') {
      const message = `Cannot write ${path}: ${faultAndAdvice(cause)}`;
      throw new InkdigitError('write_failed', message, { cause });
    }
    // A file that cannot be read counts as another file.
    if (bytes.equals(await readFile(path).catch(() => Buffer.of()))) return;
    throw new InkdigitError(
      'file_exists',
      `${path} is there already with another content. --force replaces it, --folder takes another folder.`,
      { cause },
    );
  }
}
