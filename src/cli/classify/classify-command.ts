import { usingReader } from './using-reader.js';
import { Command } from 'commander';
import { MnistClient } from '../../client/exports.js';
import { IMAGE_EXTENSIONS } from '../../files/list-images.js';
import { InkdigitError } from '../../errors.js';
import type { NormalizeMode } from '../../image/normalize-mode.js';
import { shippedModelPath } from '../../model/model-paths.js';
import { countResults, createResultTable, reportJson, summaryLines, type Result } from './classify-report.js';
import { processIo, wantsColor, type CommandIo } from '../terminal/command-io.js';
import { betweenErrors } from './bad-images.js';
import { localReader, serverReader, type OutcomeReader } from './digit-readers.js';
import { findImageFiles, readInBatches, STANDARD_INPUT, type FileContent } from './read-files.js';
import { dataDirOption } from '../options/data-dir-option.js';
import { showDownload } from '../../data/download/show-download.js';
import { ownKeyOption } from '../options/access-options.js';
import { milliseconds, normalizeOption, option, wholeNumber } from '../options/declare-option.js';
import { createProgressBar } from '../terminal/progress-bar.js';

interface ClassifyOptions {
  readonly server: string;
  readonly apiKey?: string;
  readonly local?: boolean;
  readonly model: string;
  readonly batchSize: number;
  readonly timeoutMs: number;
  readonly normalize?: NormalizeMode;
  readonly json?: boolean;
  /** `true` where no number was given. */
  readonly downloadMnist?: number | true;
  readonly download_mnist?: number | true;
  readonly folder: string;
  readonly seed: number;
  readonly force?: boolean;
  readonly dataDir?: string;
}

const DEFAULT_IMAGE_COUNT = 10;

/** Concurrent requests, so that a server of several processes has work for all of them. */
const REQUESTS_TOGETHER = 4;

/** `inkdigit classify` */
export function classifyCommand(io: CommandIo = processIo): Command {
  const imageCount = wholeNumber(1, 10_000);
  return (
    new Command('classify')
      .description('Reads the digit in each image: file, digit, probability, and whether it is right.')
      .argument(
        '[files or folders...]',
        `images; of a folder every ${IMAGE_EXTENSIONS.join(' ')} in it; - is the image on standard input`,
      )
      .addOption(option('--server <url>', 'the server to ask', { default: 'http://127.0.0.1:8000/' }))
      .addOption(ownKeyOption())
      .addOption(option('--local', 'classify in this process, without a server'))
      .addOption(
        option('--model <file>', 'with --local: ONNX model, with its card (.json) beside it', {
          default: shippedModelPath(),
          defaultText: 'the one shipped',
        }),
      )
      .addOption(
        option('--batch-size <images>', 'images in one request', { default: 64, parse: wholeNumber(1) }),
      )
      .addOption(
        option('--timeout-ms <ms>', 'longest wait for one answer, in milliseconds', {
          default: 30_000,
          parse: milliseconds,
        }),
      )
      .addOption(
        normalizeOption(
          'look for the digit in each picture: auto (in all but frames like those of MNIST), always, never ' +
            '(default: auto)',
        ),
      )
      .addOption(option('--json', 'print one JSON document'))
      .addOption(
        option(
          '--download-mnist [images]',
          'save random test images of MNIST (10 if no number is given) and classify them',
          {
            parse: imageCount,
          },
        ),
      )
      // The spelling of the original tool.
      .addOption(option('--download_mnist [images]', '', { parse: imageCount }).hideHelp())
      .addOption(option('--folder <folder>', 'where --download-mnist saves', { default: 'mnistimages' }))
      .addOption(
        option('--seed <number>', 'which images --download-mnist takes', {
          default: 1,
          parse: wholeNumber(0),
        }),
      )
      .addOption(option('--force', 'let --download-mnist replace files of another content'))
      .addOption(dataDirOption())
      .action((paths: string[], options: ClassifyOptions) => runClassify(paths, options, io))
  );
}

async function runClassify(paths: readonly string[], options: ClassifyOptions, io: CommandIo): Promise<void> {
  const files = await collectFiles(paths, options, io);
  await usingReader(
    () => openReader(options),
    (reader) => classifyFiles(files, reader, options, io),
    io,
  );
}

async function collectFiles(
  paths: readonly string[],
  options: ClassifyOptions,
  io: CommandIo,
): Promise<string[]> {
  const asked = options.downloadMnist ?? options.download_mnist;
  if (paths.length === 0 && asked === undefined) {
    throw new InkdigitError(
      'invalid_option',
      'Nothing to classify: name image files or folders, or use --download-mnist.',
    );
  }
  // The address is not repeated: it may hold a password.
  if (paths.some((path) => /^https?:\/\//i.test(path))) {
    throw new InkdigitError(
      'invalid_option',
      'Expected image files or folders, got an address, and nothing is fetched: download the image first ' +
        '(curl -s … | inkdigit classify -), or give the address of a server as --server.',
    );
  }
  if (paths.filter((path) => path === STANDARD_INPUT).length > 1) {
    throw new InkdigitError('invalid_option', 'Standard input (-) holds one image: name it once.');
  }
  const files = await findImageFiles(paths);
  if (asked !== undefined) {
    const count = asked === true ? DEFAULT_IMAGE_COUNT : asked;
    files.push(...(await saveTestImages(count, options, io)));
  }
  if (files.length > 0) return files;
  throw new InkdigitError(
    'missing_file',
    `Nothing to classify: no ${IMAGE_EXTENSIONS.join(' ')} in ${paths.join(', ')}.`,
  );
}

async function saveTestImages(count: number, options: ClassifyOptions, io: CommandIo): Promise<string[]> {
  const { loadMnistPart } = await import('../../data/mnist/mnist.js');
  const { saveRandomImages } = await import('./save-images.js');
  const { dataDir, folder, seed, force = false } = options;
  const bar = createProgressBar(io.stderr);
  const onProgress = showDownload(bar);
  const { data } = await loadMnistPart('test', { dataDir, env: io.env, onProgress }).finally(() =>
    bar.finish(),
  );
  const files = await saveRandomImages(data, { folder, count, seed, force });
  io.stderr.write(`Saved ${files.length} images of MNIST's test set in ${folder}\n`);
  return files;
}

async function openReader(options: ClassifyOptions): Promise<OutcomeReader> {
  const { server, apiKey, timeoutMs, batchSize: maxBatch, normalize } = options;
  if (options.local) return localReader(options.model, normalize);
  const client = new MnistClient({ server, apiKey, timeoutMs, maxBatch, concurrency: REQUESTS_TOGETHER });
  return serverReader(client, normalize);
}

async function classifyFiles(
  files: readonly string[],
  reader: OutcomeReader,
  { batchSize, json = false }: ClassifyOptions,
  io: CommandIo,
): Promise<void> {
  const results: Result[] = [];
  const table = createResultTable(files, wantsColor(io.stdout, io.env));
  for await (const batch of readInBatches(files, batchSize * REQUESTS_TOGETHER, io)) {
    const read = await classifyBatch(batch, reader);
    if (!json) {
      const lines = [
        ...(results.length === 0 ? [table.header] : []),
        ...read.map((result) => table.row(result)),
      ];
      for (const { text, color } of lines) io.stdout.write(text, color);
    }
    results.push(...read);
  }
  const counts = countResults(results);
  if (json) io.stdout.write(`${reportJson(results)}\n`);
  else for (const line of summaryLines(counts)) io.stdout.write(`${line}\n`);
  if (counts.failed > 0) io.exitCode = 1;
}

async function classifyBatch(batch: readonly FileContent[], reader: OutcomeReader): Promise<Result[]> {
  const images = batch.flatMap((content) => ('bytes' in content ? [content.bytes] : []));
  const errors = batch.map((content) => ('error' in content ? content.error : undefined));
  const outcomes = betweenErrors(errors, await reader.read(images));
  return batch.map(({ file }, i) => ({ file, outcome: outcomes[i]! }));
}
