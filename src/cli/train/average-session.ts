import { basename } from 'node:path';
import { InkdigitError } from '../../errors.js';
import { grouped, percent } from '../../evaluation/report.js';
import { refuseToOverwrite, requireWritable, writeFilesAtomically } from '../../files/write-file.js';
import { makeAverageCard } from '../../model/card/make-average-card.js';
import { readModelCard } from '../../model/read-model-files.js';
import { toolVersions } from '../../model/runtime/tool-versions.js';
import { averageWeights, type NamedWeights } from '../../network/average-weights.js';
import { exportModel } from '../../network/export.js';
import { loadWeights } from '../../network/load-weights.js';
import { planNetwork, withOutputs } from '../../network/network.js';
import { networkByName } from '../../network/networks.js';
import { weightsOf } from '../../network/weights-file.js';
import { packageVersion } from '../../package-info.js';
import { trainingPaths } from '../../training/checkpoint/training-paths.js';
import { describeValidation, validatorOf } from '../../training/session/validate-again.js';
import { findCores } from '../options/cores.js';
import { derivedPath } from '../options/derived-path.js';
import type { CommandIo } from '../terminal/command-io.js';
import { createProgressBar } from '../terminal/progress-bar.js';

/** What `inkdigit average` was asked to do. */
export interface AverageRequest {
  readonly out: string;
  readonly force?: boolean;
  readonly dataDir?: string;
  readonly datasetsDir?: string;
}

/**
 * Averages the weights of models, calibrates the result on MNIST's validation images, or on validation scenes where it
 * reads those, and writes the files.
 * @throws InkdigitError `invalid_option`, `invalid_data` for models that do not go together, `missing_file`,
 * `write_failed`
 */
export async function runAverage(
  files: readonly string[],
  request: AverageRequest,
  io: CommandIo,
): Promise<void> {
  const { out, force, dataDir, datasetsDir } = request;
  for (const file of files) derivedPath('average', file, 'average', out);
  const { model, weights, card } = trainingPaths(out);
  await requireWritable(model, weights, card);
  if (!force) {
    await refuseToOverwrite([model, weights, card], 'Choose another --out, or --force to replace it.');
  }
  const models: NamedWeights[] = [];
  for (const file of files) models.push({ file, ...(await loadWeights(file, 'average')) });
  const mean = averageWeights(models);
  const [first] = models;
  if (!first) throw new Error('unreachable: there are two at least');
  const firstCard = await readModelCard(first.file);
  const plan = planNetwork(withOutputs(networkByName(first.network), first.outputs));
  const bar = createProgressBar(io.stderr);
  const validate = await validatorOf(plan, firstCard, { dataDir, datasetsDir, env: io.env }, bar);
  const result = await validate(mean, findCores().usable);
  if (!result) {
    throw new InkdigitError(
      'invalid_data',
      `The mean of ${files.join(' and ')} has outputs that are not finite: expected models of which one was ` +
        'trained on from another.',
    );
  }
  const { whole, digitThreshold, outliersPassing } = result;
  const exported = exportModel(plan, whole, {
    producerVersion: packageVersion(),
    digitThreshold,
  });
  const averageCard = makeAverageCard(firstCard, result, {
    name: basename(model, '.onnx'),
    of: models.map(({ file, model: sha256 }) => ({ file: basename(file), sha256 })),
    versions: toolVersions(packageVersion()),
    model: exported,
    finished: new Date(),
  });
  // The card last: with it the model is complete.
  await writeFilesAtomically([
    { path: weights, content: weightsOf({ plan, weights: whole }, averageCard.file.sha256) },
    { path: model, content: exported },
    { path: card, content: `${JSON.stringify(averageCard, null, 2)}\n` },
  ]);
  io.stdout.write(
    describeValidation(result.validation) +
      (outliersPassing === undefined ? '' : `; ${percent(outliersPassing)} of the outliers accepted`) +
      `\nWrote ${model} (${grouped(exported.length)} bytes), ${card} and ${weights}\n`,
  );
}
