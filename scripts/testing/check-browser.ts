import { sliceFrames, frameAt, type Frame, type FrameBatch } from '../../src/image/frame.js';
import type { Picture } from '../../src/image/picture.js';
import { loadMnistPart } from '../../src/data/mnist/mnist.js';
import { rulesOf } from '../../src/numbers/rules.js';
import { openComparedReaders, type Agreement } from './browser-agreement.js';

/** Differences of probabilities that are none: floats are added up in another order. */
const MOST_DIFFERENT = 1e-5;

/** One picture of this number is read as a number, too: that takes some hundred times as long. */
const NUMBER_STEP = 50;

/** Compares, and says what came out. The process ends with 1 where the two disagree. */
export async function checkBrowser(pictureCount: number): Promise<void> {
  const folder = process.env['MNIST_DATA_DIR'] ?? new URL('../../../shared/mnist', import.meta.url).pathname;
  const { data } = await loadMnistPart('test', { dataDir: folder });
  const { frames: images } = data;
  const { classifier, pictures, agreements } = await openComparedReaders(
    new URL('../../models/', import.meta.url),
  );
  for (let from = 0; from < images.count; from += 64) {
    await classifier.probabilities(sliceFrames(images, from, Math.min(from + 64, images.count)));
  }
  tell('mnist', agreements.get('mnist'));
  for (let i = 0; i < pictureCount; i++) {
    const picture = pictureOf(frameAt(images, i % images.count), i);
    await pictures.read([picture], true);
    if (i % NUMBER_STEP === 0) await pictures.numbers?.read(numberPicture(images, i), rulesOf({}));
  }
  for (const [name, agreement] of agreements) if (name !== 'mnist') tell(name, agreement);
  const worst = [...agreements.values()];
  const differ = worst.some(
    ({ otherClasses, probability }) => otherClasses > 0 || probability > MOST_DIFFERENT,
  );
  if (differ) process.exitCode = 1;
  await classifier.close();
  await pictures.close();
}

function tell(name: string, agreement: Agreement | undefined): void {
  if (!agreement) return;
  const { images, otherClasses, probability, logit } = agreement;
  process.stdout.write(
    `${name}: ${images} images, ${otherClasses} with another class, probabilities differ by at most ` +
      `${probability.toExponential(1)}, outputs by ${logit.toExponential(1)}\n`,
  );
}

/** A frame as a picture: of another size each time, on light paper or dark, in uneven light. */
function pictureOf(frame: Frame, i: number): Picture {
  // One in five is small enough to be read as a whole.
  const scale = i % 5 === 0 ? 1 : 1 + ((i * 7) % 10);
  const margin = i % 5 === 0 ? i % 18 : (i * 13) % 60;
  const side = 28 * scale + 2 * margin;
  const data = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [column, row] = [Math.floor((x - margin) / scale), Math.floor((y - margin) / scale)];
      const isInside = column >= 0 && column < 28 && row >= 0 && row < 28;
      const ink = isInside ? (frame[row * 28 + column] ?? 0) : 0;
      const paper = 200 + 30 * Math.sin((x + i) / 17) * Math.cos(y / 23);
      const level = paper - (ink / 255) * (90 + (i % 80));
      data[y * side + x] = i % 3 === 0 ? 255 - level : level;
    }
  }
  return { gray: { width: side, height: side, data }, reduction: 1, width: side, height: side };
}

/** Four frames beside each other. */
function numberPicture(images: FrameBatch, i: number): Picture {
  const [width, height] = [4 * 28, 28];
  const data = new Uint8Array(width * height);
  for (let digit = 0; digit < 4; digit++) {
    const frame = frameAt(images, (i + digit) % images.count);
    for (let y = 0; y < height; y++) data.set(frame.subarray(28 * y, 28 * y + 28), y * width + 28 * digit);
  }
  return { gray: { width, height, data }, reduction: 1, width, height };
}
