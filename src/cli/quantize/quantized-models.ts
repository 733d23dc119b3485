import { loadMnistPart } from '../../data/mnist/mnist.js';
import { splitValidation } from '../../data/split.js';
import type { Metrics } from '../../evaluation/metrics.js';
import { describeCost, grouped, percent } from '../../evaluation/report.js';
import { sliceFrames } from '../../image/frame.js';
import type { ModelCard } from '../../model/card/card.js';
import { createClassifier } from '../../model/classifier.js';
import { quantizeGridNetwork, type QuantizedGridNetwork } from '../../quantization/quantize-grid.js';
import { GRIDS, type GridShown } from '../../model/contract.js';
import {
  quantizeModel,
  type QuantizationSettings,
  type QuantizedModel,
  type TrainedNetwork,
} from '../../quantization/quantize.js';
import type { ReaderShown, ScenePainter } from '../../scenes/painter.js';
import { openGridNetwork } from '../../evaluation/measure-grid.js';
import { withAndWithoutDigits } from '../../training/run/validators.js';
import {
  gridPicturesToCalibrateOn,
  gridPicturesToChooseBy,
  scenesToCalibrateOn,
  scenesToChooseBy,
} from '../../training/scenes/scene-sets.js';
import { showDownload } from '../../data/download/show-download.js';
import type { ProgressBar } from '../../progress.js';
import { VALIDATION_GRID_PICTURES, VALIDATION_VIEWS } from '../../training/scenes/scene-material.js';

/** A model to quantize to int8. */
export interface QuantizeJob {
  /** The file's name and its bytes. */
  readonly from: string;
  readonly bytes: Uint8Array;
  readonly trained: TrainedNetwork;
  readonly calibrationImages: number;
  /** Version of inkdigit. */
  readonly producerVersion: string;
  readonly bar: ProgressBar;
}

/** A quantized model. */
export interface Quantized {
  readonly result: QuantizedModel | QuantizedGridNetwork;
  /** Lines that compare it with the float model. @param card its own */
  readonly describe: (card: ModelCard) => string[];
}

/** Paints scenes of the glyphs that were trained on, and of others. */
export interface Painters {
  readonly training: ScenePainter;
  readonly validation: ScenePainter;
}

/** Of a network that reads frames, on MNIST. @throws InkdigitError as `loadMnistPart` and `quantizeModel` */
export async function quantizeFrameModel(
  job: QuantizeJob,
  first: TrainedNetwork | undefined,
  dataDir: string | undefined,
): Promise<Quantized> {
  const { data } = await loadMnistPart('train', { dataDir, onProgress: showDownload(job.bar) });
  const { training, validation } = splitValidation(data);
  return quantizeReading(job, 'images', {
    calibration: sliceFrames(training.frames, 0, job.calibrationImages),
    validation,
    ...(first && { first }),
  });
}

/** Of a network that is trained on scenes. @param count scenes that it is measured on */
export async function quantizeReaderModel(
  job: QuantizeJob,
  shown: ReaderShown,
  { training, validation }: Painters,
  count = VALIDATION_VIEWS,
): Promise<Quantized> {
  const { digits, others } = withAndWithoutDigits(scenesToChooseBy(validation, shown, count));
  return quantizeReading(job, `${shown}s of digits`, {
    calibration: scenesToCalibrateOn(training, shown, job.calibrationImages),
    validation: digits,
    outliers: others,
  });
}

/** Of one that answers in cells. @param count pictures that it is measured on */
export async function quantizeGridModel(
  { from, bytes, trained, calibrationImages, producerVersion, bar }: QuantizeJob,
  shown: GridShown,
  { training, validation }: Painters,
  count = VALIDATION_GRID_PICTURES,
): Promise<Quantized> {
  const reference = await openGridNetwork(GRIDS[shown], bytes, {}, from);
  try {
    const result = await quantizeGridNetwork(trained, {
      calibration: gridPicturesToCalibrateOn(training, shown, calibrationImages),
      validation: gridPicturesToChooseBy(validation, shown, count),
      reference,
      producerVersion,
      onProgress: (label, fraction) => bar.update({ label, fraction }),
    });
    return { result, describe: () => describeGrid(result, shown) };
  } finally {
    await reference.close();
  }
}

async function quantizeReading(
  { from, bytes, trained, producerVersion, bar }: QuantizeJob,
  validating: string,
  sets: Pick<QuantizationSettings, 'calibration' | 'validation' | 'outliers' | 'first'>,
): Promise<Quantized> {
  const reference = await createClassifier(bytes, { side: trained.plan.input[1] }, from);
  try {
    const result = await quantizeModel(trained, {
      ...sets,
      reference,
      producerVersion,
      onProgress: (label, fraction) => bar.update({ label, fraction }),
    });
    return { result, describe: (card) => describeReading(result, validating, card) };
  } finally {
    await reference.close();
  }
}

function describeReading(
  { validation, reference, agreeing, passing }: QuantizedModel,
  validating: string,
  card: ModelCard,
): string[] {
  const line = (name: string, { accuracy, cappedLogLoss }: Metrics, passed: number | undefined): string =>
    `${name}  ${percent(accuracy)} correctly classified, log loss ${cappedLogLoss.toFixed(5)} nats ` +
    '(an image counts for 2 at most)' +
    (passed === undefined ? '' : `; ${percent(passed)} of the non-digits accepted`);
  const { cascade } = card;
  return [
    `On ${grouped(validation.count)} validation ${validating}, ${grouped(agreeing)} of which both classify alike:`,
    line('floats', reference, passing?.reference),
    line('int8', validation, passing?.validation),
    ...(cascade
      ? [
          `${percent(cascade.answeredFirst)} of them are answered by ${cascade.first.file}, ` +
            `whose answers stand from a probability of ${cascade.confidence}: ${describeCost(card)}`,
        ]
      : []),
  ];
}

function describeGrid(
  { validation, reference, agreeing, boxShift }: QuantizedGridNetwork,
  shown: GridShown,
): string[] {
  const line = (name: string, { accuracy, loss }: QuantizedGridNetwork['validation']): string =>
    `${name}  ${percent(accuracy)} found, loss ${loss.toFixed(4)}`;
  const what = shown === 'overview' ? 'validation overviews with a digit' : 'digits of validation close-ups';
  return [
    `On ${grouped(validation.count)} ${what}; in ${grouped(agreeing)} pictures both are surest of the same cell:`,
    line('floats', reference),
    line('int8', validation),
    `The edges of its boxes lie ${boxShift.toFixed(2)} pixels from the others on average`,
  ];
}
