import { basename } from 'node:path';
import { Command } from 'commander';
import type { Metrics } from '../evaluation/metrics.js';
import { cardPath, floatModelPath } from '../model/model-paths.js';
import type { CommandIo } from './command-io.js';
import { derivedPath } from './derived-path.js';
import { dataDirOption, showDownload } from './mnist-data.js';
import { option, wholeNumber } from './options.js';
import { packageManifest } from './package-manifest.js';
import { createProgressBar } from './progress-bar.js';
import { refuseToOverwrite, requireWritable, writeFilesAtomically } from './write-file.js';

interface QuantizeOptions {
  readonly out?: string;
  readonly calibrationImages: number;
  readonly force?: boolean;
  readonly dataDir?: string;
}

/** `inkdigit quantize` */
export function quantizeCommand(io: CommandIo = process): Command {
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
  const { calibrationImages, force, dataDir } = options;
  const out = derivedPath('quantize', from, 'int8', options.out);
  await requireWritable(out);
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
    { loadWeights },
    { networkByName },
    { planNetwork, withOutputs },
  ] = await Promise.all([
    import('../quantization/quantize.js'),
    import('../quantization/quantized-card.js'),
    import('./training-files.js'),
    import('../training/networks.js'),
    import('../training/network.js'),
  ]);
  const { network, outputs, weights } = await loadWeights(from, 'quantize');
  const bar = createProgressBar(io.stderr);
  const { classifier: reference, card } = await openModel(from);
  try {
    const { data } = await loadMnistPart('train', { dataDir, onProgress: showDownload(bar) });
    const { training, validation } = splitValidation(data);
    const { version } = packageManifest();
    const result = await quantizeModel(planNetwork(withOutputs(networkByName(network), outputs)), weights, {
      calibration: sliceFrames(training.frames, 0, calibrationImages),
      validation,
      reference,
      producerVersion: version,
      onProgress: (label, fraction) => bar.update({ label, fraction }),
    });
    const quantized = makeQuantizedCard(card, result, {
      name: basename(out, '.onnx'),
      from: basename(from),
      calibrationImages,
      versions: { ...card.versions, inkdigit: version },
      finished: new Date(),
    });
    // The card last: with it the model is complete.
    await writeFilesAtomically([
      { path: out, content: result.model },
      { path: cardPath(out), content: `${JSON.stringify(quantized, null, 2)}\n` },
    ]);
    bar.finish();
    const { grouped, percent } = await import('../evaluation/report.js');
    const line = (name: string, { accuracy, cappedLogLoss }: Metrics): string =>
      `${name}  ${percent(accuracy)} right, log loss ${cappedLogLoss.toFixed(5)} nats (an image counts for 2 at most)\n`;
    io.stdout.write(
      `On ${grouped(result.validation.count)} validation images, ${grouped(result.agreeing)} of which both read alike:\n` +
        line('floats', result.reference) +
        line('8 bits', result.validation) +
        `Wrote ${out} (${grouped(result.model.length)} bytes) and ${cardPath(out)}\n`,
    );
  } finally {
    bar.finish();
    await reference.close();
  }
}
