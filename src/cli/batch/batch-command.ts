import { Command } from 'commander';
import { identifyModel } from '../../batch/model-identity.js';
import { ObjectStore } from '../../batch/inputs/object-store.js';
import { StandardInput } from '../../batch/inputs/standard-input.js';
import { STDIN } from '../../batch/inputs/input-entry.js';
import type { BatchIdentity } from '../../batch/plan/batch-identity.js';
import { EXIT_STATUS, exitStatusOf } from '../../batch/plan/exit-status.js';
import { grouped, progressOf } from '../../batch/plan/pace.js';
import { chooseShard } from '../../batch/plan/shard.js';
import type { ReadSettings } from '../../batch/readers/chunk-reader.js';
import { openProcessReader } from '../../batch/readers/process-reader.js';
import { serviceReader } from '../../batch/readers/service-reader.js';
import { runBatch, type BatchOutcome, type BatchSettings } from '../../batch/run-batch.js';
import { MnistClient, MnistClientError } from '../../client/exports.js';
import { InkdigitError } from '../../errors.js';
import { packageVersion } from '../../package-info.js';
import { numberQuestionOf, type ReadNumberOptions } from '../../reading/number-in-content.js';
import { visibleLine } from '../../visible-text.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import { untilStopped } from '../terminal/until-stopped.js';
import { addBatchOptions, NUMBER_OPTIONS, type BatchCommandOptions } from './batch-options.js';

/** Images in one request. */
const MAX_REQUEST_IMAGES = 64;

/** `inkdigit batch` */
export function batchCommand(io: CommandIo = processIo): Command {
  const command = new Command('batch')
    .description(
      'Reads any number of images and writes a row for each, on all cores; what was stopped goes on where it was.',
    )
    .argument(
      '<inputs...>',
      'images, folders, patterns as "scans/*.png", lists of paths (a line or a JSON object with file each), tar ' +
        'archives, IDX and Parquet files, s3://bucket/key, s3://bucket/folder/; - is a list, a tar archive or an IDX ' +
        'file on standard input',
    )
    // A wrong option is as wrong the next time.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT_STATUS.done : EXIT_STATUS.badInput))
    .action((inputs: string[], options: BatchCommandOptions) => runCommand(inputs, options, io));
  return addBatchOptions(command);
}

async function runCommand(inputs: string[], options: BatchCommandOptions, io: CommandIo): Promise<void> {
  const stdin = new StandardInput(io.stdin);
  try {
    const settings = await settingsOf(inputs, options, stdin, io);
    report(await runWithProgress(settings, io), options, io);
  } catch (thrown) {
    if (!(thrown instanceof InkdigitError) && !(thrown instanceof MnistClientError)) throw thrown;
    io.stderr.write(`inkdigit: ${visibleLine(thrown.message)}\n`);
    io.exitCode = exitStatusOf(thrown.code);
  } finally {
    stdin.close();
  }
}

async function runWithProgress(settings: BatchSettings, io: CommandIo): Promise<BatchOutcome> {
  const bar = createProgressBar(io.stderr);
  try {
    return await untilStopped(
      () => bar.log('Stopping. The same command with --resume goes on.'),
      (signal) =>
        runBatch({
          ...settings,
          signal,
          onFound: (images) =>
            bar.update({ label: 'batch', fraction: null, text: `${grouped(images)} images found` }),
          onProgress: (pace) => bar.update(progressOf(pace)),
        }),
    );
  } finally {
    bar.finish();
  }
}

function report(outcome: BatchOutcome, { output, maxErrors }: BatchCommandOptions, io: CommandIo): void {
  if (outcome.kind === 'done') {
    const { images, failed, seconds } = outcome.summary;
    const speed = seconds > 0 ? `, ${grouped(Math.round(images / seconds))} images/s` : '';
    const was = outcome.wasDone ? ', as before' : '';
    io.stdout.write(`${grouped(images)} images, ${grouped(failed)} failed${speed}: ${output}${was}\n`);
    io.exitCode = EXIT_STATUS.done;
  } else if (outcome.kind === 'stopped') {
    io.stderr.write(`Stopped after ${grouped(outcome.tally.images)} images.\n`);
    io.exitCode = EXIT_STATUS.retry;
  } else {
    const { images, failed, errors } = outcome.tally;
    const codes = Object.entries(errors).map(([code, count]) => `${code} ${count}`);
    io.stderr.write(
      `inkdigit: ${grouped(failed)} of ${grouped(images)} images failed, more than the ${grouped(maxErrors)} that ` +
        `--max-errors allows: ${codes.join(', ')}. --resume with a larger number goes on.\n`,
    );
    io.exitCode = EXIT_STATUS.tooManyErrors;
  }
}

async function settingsOf(
  inputs: readonly string[],
  options: BatchCommandOptions,
  stdin: StandardInput,
  io: CommandIo,
): Promise<BatchSettings> {
  if (inputs.filter((input) => input === STDIN).length > 1) {
    throw new InkdigitError('invalid_option', 'Standard input (-) can be read once: name it once.');
  }
  const { shard: named, shards, model, normalize, column, server, workers = 1 } = options;
  const shard = chooseShard({ shard: named, shards, completionIndex: io.env['JOB_COMPLETION_INDEX'] });
  const settings = readSettingsOf(options);
  const objects = new ObjectStore(io.env);
  const client = server === undefined ? undefined : clientOf(options);
  const identity: BatchIdentity = {
    version: packageVersion(),
    model: client ? await modelOf(client) : await identifyModel(model),
    readBy: client ? 'service' : 'processes',
    read: options.read,
    inputs,
    format: options.format,
    rowsPerFile: options.rowsPerFile,
    shards: shard.count,
    options: {
      ...(normalize && { normalize }),
      ...(column !== undefined && { column }),
      ...definedOf(settings.numbers),
    },
  };
  return {
    identity,
    output: options.output,
    shard,
    resume: options.resume ?? false,
    force: options.force ?? false,
    maxErrors: options.maxErrors,
    asPictures: normalize === 'always',
    places: { objects, stdin, column },
    openReader: async () =>
      client
        ? serviceReader(client, workers, settings, objects)
        : openProcessReader(workers, { ...settings, modelPath: model }),
  };
}

/** @throws InkdigitError `invalid_option` where numbers are described and digits are read, or they cannot be so */
function readSettingsOf(options: BatchCommandOptions): ReadSettings {
  const { read, normalize } = options;
  const numbers: ReadNumberOptions = Object.fromEntries(
    NUMBER_OPTIONS.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  );
  const [first] = Object.keys(numbers);
  if (read === 'digits' && first !== undefined) {
    const flag = first.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new InkdigitError(
      'invalid_option',
      `--${flag} is said of numbers: add --read numbers, or leave it out.`,
    );
  }
  if (read === 'numbers' && normalize !== undefined) {
    throw new InkdigitError(
      'invalid_option',
      '--normalize is said of digits: leave it out with --read numbers.',
    );
  }
  numberQuestionOf(numbers);
  return { read, normalize, numbers };
}

function definedOf(numbers: ReadNumberOptions): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(numbers).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}

/** Requests of one chunk are sent one after the other: several chunks are asked for at a time. */
function clientOf({ server = '', apiKey, timeoutMs }: BatchCommandOptions): MnistClient {
  return new MnistClient({ server, apiKey, timeoutMs, maxBatch: MAX_REQUEST_IMAGES, concurrency: 1 });
}

async function modelOf(client: MnistClient): Promise<BatchIdentity['model']> {
  const { name, file } = await client.model();
  return { name, sha256: file.sha256 };
}
