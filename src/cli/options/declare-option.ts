import { InvalidArgumentError, Option, type Command } from 'commander';
import { NORMALIZE_MODES } from '../../image/normalize-mode.js';

/** What a value may be in a configuration file: a JSON string, a number, an array of strings. */
type FileForm = 'text' | 'number' | 'list';

/** Reads the text of an option. */
export interface Parser<T> {
  (text: string): T;
  readonly inFiles?: readonly FileForm[];
}

/** A parser whose option is written in these forms in a configuration file, where others are written as text. */
export function inFilesAs<T>(inFiles: readonly FileForm[], parse: (text: string) => T): Parser<T> {
  return Object.assign((text: string): T => parse(text), { inFiles });
}

/** A parser for commander: a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER): Parser<number> {
  return inFilesAs(['number'], (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(
        `Expected a whole number ${range(min, max)}, got ${JSON.stringify(text)}.`,
      );
    }
    return value;
  });
}

/** `--normalize` of every command that reads image files; the default is `auto`. */
export function normalizeOption(description: string): Option {
  return option('--normalize <mode>', description).choices(NORMALIZE_MODES);
}

/** A parser for commander: a time within the range of a timer, in milliseconds. */
export const milliseconds = wholeNumber(1, 2 ** 31 - 1);

/** A parser for commander: any finite number from `min` to `max`. */
export function decimalNumber(min: number, max: number = Number.MAX_VALUE): Parser<number> {
  return inFilesAs(['number'], (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a number ${range(min, max)}, got ${JSON.stringify(text)}.`);
    }
    return value;
  });
}

/** A parser for commander: file names with commas between them. */
export function fileList(text: string): string[] {
  const files = text.split(',').map((file) => file.trim());
  if (files.every((file) => file !== '')) return files;
  throw new InvalidArgumentError(
    `Expected files with commas between them, as a.onnx,b.onnx; got ${JSON.stringify(text)}.`,
  );
}

/** The parser of options without one of their own: refuses empty values. */
function notEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError(
    `Expected a value, got ${JSON.stringify(text)}. Leave the option out if you have none for it.`,
  );
}

function range(min: number, max: number): string {
  return max >= Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
}

/** What this project knows of an option beside what commander does. */
export class DeclaredOption extends Option {
  /** A variable which is not of this project, as `PORT`, that is read where the option's own is not given. */
  fallbackEnv: string | undefined;
  /** What a configuration file may have for it; of a flag, `true` and `false`. */
  inFiles: readonly FileForm[] = ['text'];
  /** Whether its value is for no one to see: it is not taken from a command line, and not printed. */
  isSecret = false;
  /** What holds where it is not given and has no default of commander's. */
  standsFor: unknown;
  /** Its value as it is written, where that is another thing than it is. */
  show: ((value: unknown) => unknown) | undefined;
}

/**
 * Declares an option once: its flag, environment variable, description, default and parser. The environment variable
 * is the flag in capitals after `INKDIGIT_` (`--max-batch` -> `INKDIGIT_MAX_BATCH`) unless `env` names another;
 * `fallbackEnv` is read where that one is not set.
 * A configuration file has it under the name of the flag, `max-batch`.
 */
export function option<T>(
  flags: string,
  description: string,
  settings: {
    default?: T;
    defaultText?: string;
    env?: string;
    fallbackEnv?: string;
    isSecret?: boolean;
    /** See `DeclaredOption`. */
    standsFor?: T;
    /** Writes a value as `parse` reads it. */
    show?: (value: T) => unknown;
    parse?: Parser<T>;
  } = {},
): DeclaredOption {
  const declared = new DeclaredOption(flags, description);
  const name = declared.long?.replace(/^--/, '') ?? '';
  declared.env(settings.env ?? `INKDIGIT_${name.replaceAll('-', '_').toUpperCase()}`);
  if (settings.default !== undefined) declared.default(settings.default, settings.defaultText);
  declared.fallbackEnv = settings.fallbackEnv;
  declared.isSecret = settings.isSecret ?? false;
  declared.standsFor = settings.standsFor;
  const { show } = settings;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the parser made, or the default
  if (show) declared.show = (value) => show(value as T);
  const { parse = notEmpty } = settings;
  if ('inFiles' in parse && parse.inFiles) declared.inFiles = parse.inFiles;
  if (declared.required || declared.optional) declared.argParser((text) => parse(text));
  return declared;
}

const MEANS_NO: ReadonlySet<string> = new Set(['0', 'false', 'no', 'off']);

/**
 * Removes environment variables that set nothing, as commander takes an option as given whatever its variable holds:
 * empty ones, and those of flags that say no (`INKDIGIT_JSON=0`). An option left without one reads its fallback.
 */
export function settleVariables(command: Command, env: NodeJS.ProcessEnv): void {
  for (const declared of command.options) {
    const { envVar, required, optional } = declared;
    if (!envVar) continue;
    const text = env[envVar] ?? '';
    if (text === '' || (!required && !optional && MEANS_NO.has(text.toLowerCase()))) delete env[envVar];
    const fallbackEnv = declared instanceof DeclaredOption ? declared.fallbackEnv : undefined;
    if (fallbackEnv && env[fallbackEnv] && env[envVar] === undefined) declared.env(fallbackEnv);
  }
  for (const subcommand of command.commands) settleVariables(subcommand, env);
}
