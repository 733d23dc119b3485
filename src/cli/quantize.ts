import { basename } from 'node:path';
import { Command } from 'commander';
import { InkdigitError } from '../errors.js';
import type { Metrics } from '../evaluation/metrics.js';
import type { ModelCard } from '../model/card.js';
import { cardPath, floatModelPath } from '../model/model-paths.js';
import type { TrainedNetwork } from '../quantization/quantize.js';
import { processIo, type CommandIo } from './command-io.js';
import { derivedPath } from './derived-path.js';
import { dataDirOption, showDownload } from './mnist-data.js';
import { option, wholeNumber } from './options.js';
import { packageManifest } from './package-manifest.js';
import { createProgressBar } from './progress-bar.js';
import { refuseToOverwrite, requireWritable, writeFilesAtomically } from './write-file.js';

interface QuantizeOptions {
  readonly out?: string;
  readonly first?: string;
  readonly calibrationImages: number;
  readonly force?: boolean;
  readonly dataDir?: string;
}

/** `inkdigit quantize` */
export function quantizeCommand(io: CommandIo = processIo): Command {
  return new Command('quantize')
    .description(
      'Makes a trained model one of 8-bit whole numbers, which reads as well in about half the time, and writes it and its card.',
    )
    .argument(
      '[model]',
      'the ONNX file; its card and its weights lie beside it (default: the shipped one in floats)',
    )
    .addOption(option('--out <file>', "the new model's ONNX file (default: x.int8.onnx beside x.onnx)"))
    .addOption(
      option(
        '--first <model>',
        'a small model that is asked first: the other is asked about what that is not sure of, in one file',
      ),
    )
    .addOption(
      option('--calibration-images <n>', 'training images that the ranges of activations are measured on', {
        default: 2000,
        parse: wholeNumber(1, 55_000),
      }),
    )
    .addOption(option('--force', 'replace an earlier file'))
    .addOption(dataDirOption())
    .action((model: string | undefined, options: QuantizeOptions) =>
      runQuantize(model ?? floatModelPath(), options, io),
    );
}

async function runQuantize(from: string, options: QuantizeOptions, io: CommandIo): Promise<void> {
  const { calibrationImages, first, force, dataDir } = options;
  const out = derivedPath('quantize', from, 'int8', options.out);
  await requireWritable(out, cardPath(out));
  if (!force) {
    await refuseToOverwrite([out, cardPath(out)], 'Choose another --out, or --force to replace it.');
  }
  const [{ openModel }, { loadMnistPart }, { splitValidation }, { sliceFrames }] = await Promise.all([
    import('../model/classifier.js'),
    import('../data/mnist.js'),
    import('../data/split.js'),
    import('../image/frame.js'),
  ]);
  const [
    { quantizeModel },
    { makeQuantizedCard },
    { loadFrameWeights },
    { networkByName },
    { planNetwork, withOutputs },
  ] = await Promise.all([
    import('../quantization/quantize.js'),
    import('../quantization/quantized-card.js'),
    import('./training-files.js'),
    import('../training/networks.js'),
    import('../training/network.js'),
  ]);
  const load = async (file: string, asked: string): Promise<TrainedNetwork> => {
    const { network, outputs, weights } = await loadFrameWeights(file, asked);
    return { plan: planNetwork(withOutputs(networkByName(network), outputs)), weights };
  };
  const trained = await load(from, 'quantize');
  const small = first === undefined ? null : await loadFirst(first, trained, load);
  const bar = createProgressBar(io.stderr);
  const { classifier: reference, card } = await openModel(from);
  try {
    const { data } = await loadMnistPart('train', { dataDir, onProgress: showDownload(bar) });
    const { training, validation } = splitValidation(data);
    const { version } = packageManifest();
    const result = await quantizeModel(trained, {
      calibration: sliceFrames(training.frames, 0, calibrationImages),
      validation,
      reference,
      ...(small && { first: small.trained }),
      producerVersion: version,
      onProgress: (label, fraction) => bar.update({ label, fraction }),
    });
    const quantized = makeQuantizedCard(card, result, {
      name: basename(out, '.onnx'),
      from: basename(from),
      calibrationImages,
      ...(small && { first: { file: basename(small.file), card: small.card } }),
      versions: { ...card.versions, inkdigit: version },
      finished: new Date(),
    });
    // The card last: with it the model is complete.
    await writeFilesAtomically([
      { path: out, content: result.model },
      { path: cardPath(out), content: `${JSON.stringify(quantized, null, 2)}\n` },
    ]);
    bar.finish();
    const { describeCost, grouped, percent } = await import('../evaluation/report.js');
    const line = (name: string, { accuracy, cappedLogLoss }: Metrics): string =>
      `${name}  ${percent(accuracy)} right, log loss ${cappedLogLoss.toFixed(5)} nats (an image counts for 2 at most)\n`;
    io.stdout.write(
      `On ${grouped(result.validation.count)} validation images, ${grouped(result.agreeing)} of which both read alike:\n` +
        line('floats', result.reference) +
        line('8 bits', result.validation) +
        (quantized.cascade
          ? `${percent(quantized.cascade.answeredFirst)} of them are answered by ${quantized.cascade.first.file}, whose answers stand from a probability of ${quantized.cascade.confidence}: ${describeCost(quantized)}\n`
          : '') +
        `Wrote ${out} (${grouped(result.model.length)} bytes) and ${cardPath(out)}\n`,
    );
  } finally {
    bar.finish();
    await reference.close();
  }
}

/** A model that is to be asked first. */
interface FirstModel {
  readonly file: string;
  readonly trained: TrainedNetwork;
  readonly card: ModelCard;
}

/** @throws InkdigitError `invalid_option` for one that tells apart other things than the model it is to be asked before */
async function loadFirst(
  file: string,
  { plan }: TrainedNetwork,
  load: (file: string, asked: string) => Promise<TrainedNetwork>,
): Promise<FirstModel> {
  const [{ readModelCard }, { grouped }] = await Promise.all([
    import('../model/classifier.js'),
    import('../evaluation/report.js'),
  ]);
  const trained = await load(file, '--first');
  const { outputs, multiplyAdds } = trained.plan;
  if (outputs !== plan.outputs) {
    throw new InkdigitError(
      'invalid_option',
      `--first: expected a model of ${plan.outputs} outputs, as the one it is asked before has; ${file} has ${outputs}. ` +
        `Train it ${plan.outputs > outputs ? 'with' : 'without'} --outlier-share.`,
    );
  }
  if (multiplyAdds >= plan.multiplyAdds) {
    throw new InkdigitError(
      'invalid_option',
      `--first: expected a model that costs less than the one it is asked before (${grouped(plan.multiplyAdds)} multiply-adds an image); ` +
        `${file} costs ${grouped(multiplyAdds)}. Train one with --network glance.`,
    );
  }
  return { file, trained, card: await readModelCard(file) };
}
