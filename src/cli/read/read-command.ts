import { usingReader } from '../classify/using-reader.js';
import { Command } from 'commander';
import { MnistClient } from '../../client/exports.js';
import { InkdigitError } from '../../errors.js';
import { IMAGE_EXTENSIONS } from '../../files/list-images.js';
import { shippedModelPath } from '../../model/model-paths.js';
import { ownKeyOption } from '../options/access-options.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import { askPastBadImages, betweenErrors } from '../classify/bad-images.js';
import { findImageFiles, readInBatches, STANDARD_INPUT, type FileContent } from '../classify/read-files.js';
import { milliseconds, option, wholeNumber } from '../options/declare-option.js';
import { addNumberOptions } from '../options/number-options.js';
import { countNumbers, numbersCsv, numbersJson, numberLine, type NumberResult } from './read-report.js';

interface Known {
  readonly length?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly max?: number;
  readonly lines?: number;
  readonly cells?: number;
  readonly grid?: string;
  readonly reject?: number;
}

interface ReadCommandOptions extends Known {
  readonly server: string;
  readonly apiKey?: string;
  readonly local?: boolean;
  readonly model: string;
  readonly batchSize: number;
  readonly timeoutMs: number;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** Concurrent requests. */
const REQUESTS_TOGETHER = 4;

/** `inkdigit read` */
export function readCommand(io: CommandIo = processIo): Command {
  const command = new Command('read')
    .description('Reads every digit in each image, as a number: file, number, probability.')
    .argument(
      '<files or folders...>',
      `images; of a folder every ${IMAGE_EXTENSIONS.join(' ')} in it; - is the image on standard input`,
    );
  return addNumberOptions(command)
    .addOption(option('--server <url>', 'the server to ask', { default: 'http://127.0.0.1:8000/' }))
    .addOption(ownKeyOption())
    .addOption(option('--local', 'read in this process, without a server'))
    .addOption(
      option('--model <file>', 'with --local: ONNX model; the networks of numbers lie beside it', {
        default: shippedModelPath(),
        defaultText: 'the one shipped',
      }),
    )
    .addOption(
      option('--batch-size <images>', 'images in one request', { default: 16, parse: wholeNumber(1) }),
    )
    .addOption(
      option('--timeout-ms <ms>', 'longest wait for one answer, in milliseconds', {
        default: 30_000,
        parse: milliseconds,
      }),
    )
    .addOption(option('--json', 'print one JSON document').conflicts('csv'))
    .addOption(option('--csv', 'print file, number, probability and whether it is accepted, with commas'))
    .action((paths: string[], options: ReadCommandOptions) => runRead(paths, options, io));
}

async function runRead(paths: readonly string[], options: ReadCommandOptions, io: CommandIo): Promise<void> {
  if (paths.filter((path) => path === STANDARD_INPUT).length > 1) {
    throw new InkdigitError('invalid_option', 'Standard input (-) holds one image: name it once.');
  }
  const files = await findImageFiles(paths);
  if (files.length === 0) {
    throw new InkdigitError(
      'missing_file',
      `Nothing to read: no ${IMAGE_EXTENSIONS.join(' ')} in ${paths.join(', ')}.`,
    );
  }
  await usingReader(
    () => openReader(options),
    (reader) => readFiles(files, reader, options, io),
    io,
  );
}

type NumberOutcome = NumberResult['outcome'];

interface Reader {
  read(images: readonly Uint8Array[]): Promise<readonly NumberOutcome[]>;
  close(): Promise<void>;
}

function knownOf(options: Known): Known {
  const { length, minLength, maxLength, pattern, max, lines, cells, grid, reject } = options;
  const all = { length, minLength, maxLength, pattern, max, lines, cells, grid, reject };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

async function openReader(options: ReadCommandOptions): Promise<Reader> {
  const known = knownOf(options);
  if (options.local) {
    const { openNumberReader } = await import('../../model/read-number.js');
    const reader = await openNumberReader(options.model);
    return {
      read: async (images) =>
        (await reader.read(images, known)).map((read) =>
          read instanceof InkdigitError ? { error: read.message } : read,
        ),
      close: () => reader.close(),
    };
  }
  const { server, apiKey, timeoutMs, batchSize: maxBatch } = options;
  const client = new MnistClient({ server, apiKey, timeoutMs, maxBatch, concurrency: REQUESTS_TOGETHER });
  return {
    read: (images) => askPastBadImages(images, (some) => client.read(some, { ...known, detail: 'full' })),
    close: async () => {},
  };
}

async function readFiles(
  files: readonly string[],
  reader: Reader,
  { batchSize, json = false, csv = false }: ReadCommandOptions,
  io: CommandIo,
): Promise<void> {
  const results: NumberResult[] = [];
  for await (const batch of readInBatches(files, batchSize * REQUESTS_TOGETHER, io)) {
    const read = await readBatch(batch, reader);
    if (csv) io.stdout.write(numbersCsv(read, results.length === 0));
    else if (!json) for (const result of read) io.stdout.write(`${numberLine(result)}\n`);
    results.push(...read);
  }
  const counts = countNumbers(results);
  if (json) io.stdout.write(`${numbersJson(results)}\n`);
  else if (!csv && counts.labelled > 0) {
    const share = ((100 * counts.correct) / counts.labelled).toFixed(1);
    io.stdout.write(`${counts.correct} of ${counts.labelled} right (${share} %)\n`);
  }
  if (counts.failed > 0) io.exitCode = 1;
}

async function readBatch(batch: readonly FileContent[], reader: Reader): Promise<NumberResult[]> {
  const images = batch.flatMap((content) => ('bytes' in content ? [content.bytes] : []));
  const errors = batch.map((content) => ('error' in content ? content.error : undefined));
  const outcomes = betweenErrors(errors, await reader.read(images));
  return batch.flatMap(({ file }, i) => {
    const outcome = outcomes[i];
    return outcome ? [{ file, outcome }] : [];
  });
}
