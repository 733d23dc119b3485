import type { ReadKind } from './result-rows.js';

/** Forms of the files of rows. */
export const ROW_FORMATS = ['jsonl', 'csv', 'parquet'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

/** All that the rows of a batch depend on: one that was stopped goes on only where nothing of it has changed. */
export interface BatchIdentity {
  /** Of this program. */
  readonly version: string;
  readonly model: {
    readonly name: string;
    /** Over all files of the model that can answer. */
    readonly sha256: string;
  };
  /** Whether processes of this program read the images, or a service. */
  readonly readBy: 'processes' | 'service';
  readonly read: ReadKind;
  /** What the inputs were named on the command line. */
  readonly inputs: readonly string[];
  readonly format: RowFormat;
  readonly rowsPerFile: number;
  readonly shards: number;
  /** Whatever else was asked, by the names of its options. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** What differs between a batch that was begun and one that shall go on with it, in words; nothing where all agrees. */
export function differencesOf(begun: BatchIdentity, now: BatchIdentity): string[] {
  const before = flat(begun);
  const after = flat(now);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name} was ${before.get(name) ?? 'not given'}, is ${after.get(name) ?? 'not given'}`);
}

function flat({ version, model, readBy, options, ...rest }: BatchIdentity): Map<string, string> {
  const { read, inputs, format, rowsPerFile, shards } = rest;
  return new Map<string, string>([
    ['the version of inkdigit', version],
    ['the model', `${model.name} (${model.sha256.slice(0, 12)})`],
    ['who reads', readBy],
    ['--read', read],
    ['the inputs', JSON.stringify(inputs)],
    ['--format', format],
    ['--rows-per-file', String(rowsPerFile)],
    ['the number of shards', String(shards)],
    ...Object.entries(options).map(([name, value]): [string, string] => [`--${name}`, String(value)]),
  ]);
}
