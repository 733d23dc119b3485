import { takeFrames, type LabelledFrames } from '../../src/data/labelled-frames.js';
import { loadMnistPart } from '../../src/data/mnist/mnist.js';
import { splitValidation } from '../../src/data/split.js';
import { InkdigitError } from '../../src/errors.js';
import { answersOf } from '../../src/evaluation/answers.js';
import { measure } from '../../src/evaluation/metrics.js';
import { grouped, percent } from '../../src/evaluation/report.js';
import { frameAt } from '../../src/image/frame.js';
import type { NormalizeMode } from '../../src/image/normalize-mode.js';
import { readImageSyncIfSmall } from '../../src/image/read-image.js';
import { openDigitModels, readContents, type OpenedModels } from '../../src/model/digit-models.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import type { Reading } from '../../src/model/readings.js';
import { randomStream } from '../../src/random-streams.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { VARIANTS, type Variant } from '../inputs/variants.js';

/** Some milliseconds each, but for pictures of millions of pixels, which take half a second to make. */
const COUNT = 500;
const LARGE_COUNT = 40;

/** `npm run bench -- pictures` */
export const picturesBenchmark: Benchmark = {
  name: 'pictures',
  question: 'How well are pictures read that are no frames of MNIST?',
  isTimed: false,
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const images = await validationImages();
  const models = await openDigitModels(model);
  try {
    const rows: string[][] = [];
    for (const [index, variant] of VARIANTS.entries()) {
      const all = variant.isLarge ? LARGE_COUNT : COUNT;
      const count = quick ? Math.ceil(all / 100) : all;
      const chosen = takeFrames(images, 0, count);
      const never = await read(variant, index, 'never', chosen, models);
      const auto = await read(variant, index, 'auto', chosen, models);
      const shares = [never.accuracy, auto.accuracy, auto.passing].map(percent);
      rows.push([variant.name, variant.how, grouped(count), ...shares]);
    }
    return {
      method:
        'Accuracy of the shipped model on pictures made of the validation images of MNIST, each of its own ' +
        'random stream: ' +
        'fitted to 28x28 as they are (`--normalize never`), and with the digit found in them (`auto`); and how ' +
        'many of those are taken for a ' +
        'digit at its threshold.',
      columns: ['pictures', 'how they are made', 'images', 'never', 'auto', 'accepted'],
      rows,
      notes: [],
    };
  } finally {
    await models.close();
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

async function read(
  variant: Variant,
  index: number,
  normalize: NormalizeMode,
  { frames, labels }: LabelledFrames,
  models: OpenedModels,
): Promise<{ accuracy: number; passing: number }> {
  const readings: Reading[] = [];
  for (let i = 0; i < frames.count; i++) {
    const file = await variant.render(frameAt(frames, i), randomStream('benchmarks', index, i));
    const content = await readImageSyncIfSmall(file, { normalize });
    readings.push(...(await readContents(models, [content])).map(({ reading }) => reading));
  }
  const { probabilities, passing } = answersOf(readings);
  const { accuracy } = measure(probabilities, labels);
  return { accuracy, passing: passing / frames.count };
}
