import { basename } from 'node:path';
import { InkdigitError } from '../../errors.js';
import type { DatasetSource } from '../../data/training-data.js';
import { grouped } from '../../evaluation/report.js';
import type { ModelCard } from '../../model/card/card.js';
import { readModelCard, readModelFiles } from '../../model/read-model-files.js';
import { cardPath } from '../../model/model-paths.js';
import type { TrainedNetwork } from '../../quantization/quantize.js';
import { makeQuantizedCard } from '../../model/card/make-quantized-card.js';
import { createScenePainter } from '../../scenes/painter.js';
import { isGridShown } from '../../model/contract.js';
import { planNetwork, withOutputs } from '../../network/network.js';
import { networkByName } from '../../network/networks.js';
import type { CommandIo } from '../terminal/command-io.js';
import { packageVersion } from '../../package-info.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import {
  quantizeFrameModel,
  quantizeGridModel,
  quantizeReaderModel,
  type Quantized,
  type QuantizeJob,
} from './quantized-models.js';
import { loadSceneMaterial } from '../../training/scenes/scene-material.js';
import { datasetsOfCard } from '../../training/session/scene-source.js';
import { loadFrameWeights, loadWeights } from '../../network/load-weights.js';
import { refuseToOverwrite, requireWritable, writeFilesAtomically } from '../../files/write-file.js';

/** What `inkdigit quantize` was asked to do. */
export interface QuantizeOptions {
  /** The model of a cascade's first stage. */
  readonly first?: string;
  readonly calibrationImages: number;
  readonly force?: boolean;
  readonly dataDir?: string;
  /** The folder of the data sets, for networks that were trained on scenes. */
  readonly datasetsDir?: string;
}

/**
 * Quantizes a model to int8, writes it and its card, and logs how it compares.
 * @param from the model, with its card and its weights beside it
 * @throws InkdigitError `invalid_option` where options do not go together or with the network; errors of reading and
 * writing
 */
export async function runQuantize(
  from: string,
  out: string,
  options: QuantizeOptions,
  io: CommandIo,
): Promise<void> {
  const { calibrationImages, force } = options;
  await requireWritable(out, cardPath(out));
  if (!force) {
    await refuseToOverwrite([out, cardPath(out)], 'Choose another --out, or --force to replace it.');
  }
  const trained = await loadTrained(from, options);
  const first = options.first === undefined ? null : await loadFirst(options.first, trained);
  const { bytes, card } = await readModelFiles(from);
  const version = packageVersion();
  const bar = createProgressBar(io.stderr);
  const job = { from, bytes, trained, calibrationImages, producerVersion: version, bar };
  const { dataDir } = options;
  try {
    const { result, describe } = await (trained.plan.shown === 'frame'
      ? quantizeFrameModel(job, first?.trained, dataDir)
      : quantizeSceneModel(job, datasetsOfCard(card, options.datasetsDir, io.env), dataDir));
    const quantized = makeQuantizedCard(card, result, {
      name: basename(out, '.onnx'),
      from: basename(from),
      calibrationImages,
      ...(first && { first: { file: basename(first.file), card: first.card } }),
      versions: { ...card.versions, inkdigit: version },
      finished: new Date(),
    });
    // The card last: with it the model is complete.
    await writeFilesAtomically([
      { path: out, content: result.model },
      { path: cardPath(out), content: `${JSON.stringify(quantized, null, 2)}\n` },
    ]);
    bar.finish();
    const wrote = `Wrote ${out} (${grouped(result.model.length)} bytes) and ${cardPath(out)}`;
    io.stdout.write([...describe(quantized), wrote].map((line) => `${line}\n`).join(''));
  } finally {
    bar.finish();
  }
}

/** Measured on the pictures that validated the training, of the same data sets. */
async function quantizeSceneModel(
  job: QuantizeJob,
  datasets: DatasetSource,
  dataDir: string | undefined,
): Promise<Quantized> {
  const { training, validation } = await loadSceneMaterial(datasets, dataDir, job.bar);
  const painters = { training: createScenePainter(training), validation };
  const { shown } = job.trained.plan;
  if (shown === 'frame') throw new Error('unreachable: frames are no scenes');
  return isGridShown(shown)
    ? quantizeGridModel(job, shown, painters)
    : quantizeReaderModel(job, shown, painters);
}

/** @throws InkdigitError as `loadWeights`; `invalid_option` for options that do not go with the network */
async function loadTrained(from: string, { first, datasetsDir }: QuantizeOptions): Promise<TrainedNetwork> {
  const { network, outputs, weights } = await loadWeights(from, 'quantize');
  const plan = planNetwork(withOutputs(networkByName(network), outputs));
  const ofNetwork = `${from} is of the network ${network}, which reads ${plan.shown}s`;
  if (plan.shown === 'frame') {
    if (datasetsDir === undefined) return { plan, weights };
    throw new InkdigitError(
      'invalid_option',
      `--datasets-dir: ${ofNetwork} and is measured on MNIST alone. Leave it out.`,
    );
  }
  if (first !== undefined) {
    throw new InkdigitError('invalid_option', `--first: ${ofNetwork}; expected one that reads frames.`);
  }
  return { plan, weights };
}

/** The first stage of a cascade. */
interface FirstModel {
  readonly file: string;
  readonly trained: TrainedNetwork;
  readonly card: ModelCard;
}

/**
 * @throws InkdigitError `invalid_option` for a first stage with other outputs than the model, or as many
 * multiply-adds
 */
async function loadFirst(file: string, { plan }: TrainedNetwork): Promise<FirstModel> {
  const { network, weights, ...own } = await loadFrameWeights(file, '--first');
  const trained = { plan: planNetwork(withOutputs(networkByName(network), own.outputs)), weights };
  const { outputs, multiplyAdds } = trained.plan;
  if (outputs !== plan.outputs) {
    throw new InkdigitError(
      'invalid_option',
      `--first: expected a model of ${plan.outputs} outputs, like the second stage; ${file} has ${outputs}. ` +
        `Train it ${plan.outputs > outputs ? 'with' : 'without'} --outlier-share.`,
    );
  }
  if (multiplyAdds >= plan.multiplyAdds) {
    throw new InkdigitError(
      'invalid_option',
      '--first: expected a model that costs less than the second stage ' +
        `(${grouped(plan.multiplyAdds)} multiply-adds per image); ${file} costs ${grouped(multiplyAdds)}. ` +
        'Train one with --network small.',
    );
  }
  return { file, trained, card: await readModelCard(file) };
}
