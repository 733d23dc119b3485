import { takeFrames, type LabelledFrames } from '../src/data/labelled-frames.js';
import { loadMnistPart } from '../src/data/mnist.js';
import { splitValidation } from '../src/data/split.js';
import { InkdigitError } from '../src/errors.js';
import { evaluate } from '../src/evaluation/evaluate.js';
import { grouped, percent } from '../src/evaluation/report.js';
import { FRAME_PIXELS, frameAt } from '../src/image/frame.js';
import type { NormalizeMode } from '../src/image/normalize-mode.js';
import { readFrame } from '../src/image/read-image.js';
import { openModel, type Classifier } from '../src/model/classifier.js';
import { shippedModelPath } from '../src/model/model-paths.js';
import { readingsOf } from '../src/model/readings.js';
import { randomStream } from '../src/random-streams.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from './report.js';
import { VARIANTS, type Variant } from './variants.js';

/** Some milliseconds each, but for pictures of millions of pixels, which take half a second to make. */
const COUNT = 500;
const LARGE_COUNT = 40;

/** `npm run bench -- pictures` */
export const picturesBenchmark: Benchmark = {
  name: 'pictures',
  question: 'How well are pictures read that are no frames of MNIST?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const images = await validationImages();
  const { classifier } = await openModel(model);
  try {
    const rows: string[][] = [];
    for (const [index, variant] of VARIANTS.entries()) {
      const all = variant.isLarge ? LARGE_COUNT : COUNT;
      const count = quick ? Math.ceil(all / 100) : all;
      const chosen = takeFrames(images, 0, count);
      const never = await measure(variant, index, 'never', chosen, classifier);
      const auto = await measure(variant, index, 'auto', chosen, classifier);
      const shares = [never.accuracy, auto.accuracy, auto.passing].map(percent);
      rows.push([variant.name, variant.how, grouped(count), ...shares]);
    }
    return {
      method:
        'Accuracy of the shipped model on pictures made of the validation images of MNIST, each of its own random stream: ' +
        'as it was before pictures were normalised (`--normalize never`), and as it is (`auto`); and how many of those are taken for a ' +
        'digit at its threshold.',
      columns: ['pictures', 'how they are made', 'images', 'never', 'auto', 'taken for a digit'],
      rows,
      notes: [],
    };
  } finally {
    await classifier.close();
  }
}

async function validationImages(): Promise<LabelledFrames> {
  const dataDir = process.env['MNIST_DATA_DIR'];
  if (!dataDir) {
    throw new InkdigitError(
      'missing_file',
      'Expected MNIST_DATA_DIR to name the folder with the files of MNIST; inkdigit download fetches them.',
    );
  }
  return splitValidation((await loadMnistPart('train', { dataDir })).data).validation;
}

async function measure(
  variant: Variant,
  index: number,
  normalize: NormalizeMode,
  { frames, labels }: LabelledFrames,
  classifier: Classifier,
): Promise<{ accuracy: number; passing: number }> {
  const pixels = new Uint8Array(frames.pixels.length);
  for (let i = 0; i < frames.count; i++) {
    const file = await variant.render(frameAt(frames, i), randomStream('benchmarks', index, i));
    pixels.set(await readFrame(file, { normalize }), i * FRAME_PIXELS);
  }
  const read = { count: frames.count, pixels };
  const { accuracy } = await evaluate(classifier, { frames: read, labels });
  const readings = readingsOf(read, await classifier.probabilities(read), classifier.digitThreshold);
  return { accuracy, passing: readings.filter(({ digit }) => digit).length / frames.count };
}
