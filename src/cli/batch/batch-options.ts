import { InvalidArgumentError, type Command } from 'commander';
import type { NormalizeMode } from '../../image/normalize-mode.js';
import { shippedModelPath } from '../../model/model-paths.js';
import type { ReadNumberOptions } from '../../reading/number-in-content.js';
import { ROW_FORMATS, type RowFormat } from '../../batch/plan/batch-identity.js';
import type { ReadKind } from '../../batch/plan/result-rows.js';
import { ownKeyOption } from '../options/access-options.js';
import { describeCores, findCores } from '../options/cores.js';
import { inFilesAs, milliseconds, normalizeOption, option, wholeNumber } from '../options/declare-option.js';
import { addNumberOptions } from '../options/number-options.js';

/** The options of `inkdigit batch`, as they were given. */
export interface BatchCommandOptions extends ReadNumberOptions {
  readonly output: string;
  readonly read: ReadKind;
  readonly format: RowFormat;
  readonly rowsPerFile: number;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly shard?: string;
  readonly shards?: number;
  readonly maxErrors: number;
  readonly workers?: number;
  readonly model: string;
  readonly normalize?: NormalizeMode;
  readonly column?: string;
  readonly server?: string;
  readonly apiKey?: string;
  readonly timeoutMs: number;
}

/** What is known of numbers: the names of the options, and of what the reader is asked. */
export const NUMBER_OPTIONS = [
  'length',
  'minLength',
  'maxLength',
  'pattern',
  'max',
  'lines',
  'cells',
  'grid',
  'reject',
] as const satisfies readonly (keyof ReadNumberOptions)[];

/** Declares them. */
export function addBatchOptions(command: Command): Command {
  const cores = findCores();
  command
    .requiredOption('--output <folder>', 'where the results go; made if missing')
    .addOption(
      option('--read <what>', 'one digit in each image, or all digits as a number', {
        default: 'digits',
      }).choices(['digits', 'numbers']),
    )
    .addOption(option('--format <format>', 'form of the results', { default: 'jsonl' }).choices(ROW_FORMATS))
    .addOption(
      option('--rows-per-file <rows>', 'rows of one file of results', {
        default: 1_000_000,
        parse: wholeNumber(1),
      }),
    )
    .addOption(
      option('--resume', 'go on with what was begun with the same model and options, if anything was'),
    )
    .addOption(option('--force', 'remove results that are there, and begin anew').conflicts('resume'))
    .addOption(
      option('--shard <i/n>', 'read the images of one share of n alone, i from 0: 0/4, 1/4, 2/4, 3/4', {
        parse: inFilesAs(['text'], shardText),
      }),
    )
    .addOption(
      option(
        '--shards <n>',
        'how many shares there are, where JOB_COMPLETION_INDEX of Kubernetes says which this is',
        {
          parse: wholeNumber(1, 100_000),
        },
      ),
    )
    .addOption(
      option('--max-errors <images>', 'images that may fail before it ends with exit code 3', {
        default: Number.MAX_SAFE_INTEGER,
        defaultText: 'any number',
        parse: wholeNumber(0),
      }),
    )
    .addOption(
      option('--workers <n>', 'processes that read; with --server, requests at a time', {
        parse: wholeNumber(1, 1024),
        default: cores.usable,
        defaultText: `one per core, here ${describeCores(cores)}`,
      }),
    )
    .addOption(
      option('--model <file>', 'ONNX model, with its card (.json) beside it', {
        default: shippedModelPath(),
        defaultText: 'the one shipped',
      }),
    )
    .addOption(
      normalizeOption(
        'look for the digit in each picture: auto (in all but frames like those of MNIST), always, never ' +
          '(default: auto); frames in IDX files are taken as they are, unless it is always',
      ),
    )
    .addOption(option('--column <name>', 'column of Parquet files that has the images'))
    .addOption(
      option('--server <url>', 'have a service read the images, instead of processes of this command'),
    )
    .addOption(ownKeyOption())
    .addOption(
      option('--timeout-ms <ms>', 'with --server: longest wait for one answer, in milliseconds', {
        default: 30_000,
        parse: milliseconds,
      }),
    );
  return addNumberOptions(command, 'with --read numbers: ');
}

function shardText(text: string): string {
  if (/^\d+\/\d+$/.test(text)) return text;
  throw new InvalidArgumentError(`Expected a shard as 0/4, got ${JSON.stringify(text)}.`);
}
