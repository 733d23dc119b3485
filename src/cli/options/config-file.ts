import { readFileSync } from 'node:fs';
import { InvalidArgumentError, type Command, type Option } from 'commander';
import { codeOf, InkdigitError, messageOf } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { DeclaredOption, option } from './declare-option.js';
import { nearestName } from './nearest-name.js';

/** Where commander is told that a value comes from. */
const FROM_FILE = 'config';

/** `--config`: the file that gives what neither option nor variable does. */
function configOption(): DeclaredOption {
  return option('--config <file>', 'JSON file of options by their names, as {"max-batch": 32}');
}

/** `--print-config`: what holds, and why. */
function printConfigOption(): DeclaredOption {
  return option(
    '--print-config',
    'print every setting and where it comes from, then end; secrets stay hidden',
  );
}

/** Options that say where the others come from: no file has them. */
const NOT_IN_FILES: ReadonlySet<string> = new Set(['config', 'print-config']);

/**
 * Lets a configuration file give the command's options, behind the command line and the variables, and keeps secrets
 * off the command line.
 * @param commandOfFile declares the options that a file may have, where the command does not take all of them itself
 */
export function takeConfigFile(command: Command, commandOfFile: () => Command = () => command): Command {
  command.addOption(configOption());
  return command.hook('preAction', () => {
    requireHiddenSecrets(command);
    const file: unknown = command.getOptionValue('config');
    if (typeof file === 'string') applyConfigFile(command, commandOfFile().options, file);
  });
}

/** The same for a command that has all the options of its file, and can print them. */
export function takeWholeConfigFile(command: Command): Command {
  return takeConfigFile(command).addOption(printConfigOption());
}

/** @throws InkdigitError without the secret */
function requireHiddenSecrets(command: Command): void {
  for (const declared of command.options) {
    if (!isSecret(declared) || command.getOptionValueSource(declared.attributeName()) !== 'cli') continue;
    throw new InkdigitError(
      'invalid_option',
      `--${declared.name()} is not taken from the command line, which every user of the machine can read; set ` +
        `${declared.envVar ?? 'its variable'}, or "${declared.name()}" in the file of --config.`,
    );
  }
}

function applyConfigFile(command: Command, known: readonly Option[], file: string): void {
  const own = new Set(command.options.map((declared) => declared.attributeName()));
  for (const [declared, value] of readSettings(readConfig(file), known, file)) {
    const key = declared.attributeName();
    const source = command.getOptionValueSource(key);
    if (own.has(key) && (source === undefined || source === 'default')) {
      command.setOptionValueWithSource(key, value, FROM_FILE);
    }
  }
}

/** @throws InkdigitError `missing_file` or `invalid_option` */
function readConfig(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const code = codeOf(cause) === 'ENOENT' ? 'missing_file' : 'invalid_option';
    throw new InkdigitError(code, `Cannot read the configuration ${file}: ${faultAndAdvice(cause)}`, {
      cause,
    });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    // Without the excerpt that V8 adds, which may be a key: `Unexpected token 'x', ..."key": x…" is not valid JSON`.
    const reason = messageOf(cause).replace(/, (\.\.\.)?".*$/s, '');
    throw new InkdigitError('invalid_option', `The configuration ${file} is not JSON: ${reason}.`);
  }
}

/**
 * What a configuration gives, each value as the option itself reads it.
 * @param config the file's content
 * @param known the options that it may give
 * @param file its name, for errors
 * @throws InkdigitError `invalid_option` that names what is wrong, and of unknown names the nearest
 */
export function readSettings(config: unknown, known: readonly Option[], file: string): Map<Option, unknown> {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new InkdigitError(
      'invalid_option',
      `The configuration ${file} is no object; expected options by their names, as {"max-batch": 32}.`,
    );
  }
  const options = new Map(known.map((declared) => [declared.name(), declared]));
  for (const name of NOT_IN_FILES) options.delete(name);
  const settings = new Map<Option, unknown>();
  for (const [name, value] of Object.entries(config)) {
    const declared = options.get(name);
    if (!declared) throw unknownName(name, [...options.keys()], file);
    if (value === false && isFlag(declared)) continue;
    settings.set(declared, readValue(declared, value, file));
  }
  return settings;
}

function unknownName(name: string, known: readonly string[], file: string): InkdigitError {
  const nearest = nearestName(name, known);
  const advice = nearest === undefined ? `There are: ${known.join(', ')}` : `Did you mean "${nearest}"?`;
  const end = nearest === undefined ? '.' : '';
  return new InkdigitError(
    'invalid_option',
    `The configuration ${file} has ${JSON.stringify(name)}, which is no option. ${advice}${end}`,
  );
}

function readValue(declared: Option, value: unknown, file: string): unknown {
  if (isFlag(declared)) {
    if (value === true) return !declared.negate;
    throw wrongType(declared, value, file);
  }
  const text = textOf(declared, value);
  if (text === undefined) throw wrongType(declared, value, file);
  try {
    return declared.parseArg ? declared.parseArg(text, undefined) : text;
  } catch (cause) {
    if (!(cause instanceof InvalidArgumentError) && !(cause instanceof InkdigitError)) throw cause;
    throw new InkdigitError('invalid_option', `${file}, "${declared.name()}": ${cause.message}`, { cause });
  }
}

/** As the command line has it; undefined where the value is of a type that the option does not take. */
function textOf(declared: Option, value: unknown): string | undefined {
  const forms = formsOf(declared);
  if (typeof value === 'string') return forms.includes('text') ? value : undefined;
  if (typeof value === 'number') return forms.includes('number') ? String(value) : undefined;
  if (!Array.isArray(value) || !forms.includes('list')) return undefined;
  const texts = value.filter((item): item is string => typeof item === 'string');
  return texts.length === value.length ? texts.join(',') : undefined;
}

const NAMES_OF_FORMS = { text: 'a text', number: 'a number', list: 'an array of texts' } as const;

function wrongType(declared: Option, value: unknown, file: string): InkdigitError {
  const expected = isFlag(declared)
    ? 'true or false'
    : formsOf(declared)
        .map((form) => NAMES_OF_FORMS[form])
        .join(' or ');
  const came = isSecret(declared) ? typeOf(value) : JSON.stringify(value);
  return new InkdigitError(
    'invalid_option',
    `${file}, "${declared.name()}": expected ${expected}, got ${came}.`,
  );
}

function formsOf(declared: Option): DeclaredOption['inFiles'] {
  return declared instanceof DeclaredOption ? declared.inFiles : ['text'];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

function isFlag(declared: Option): boolean {
  return !declared.required && !declared.optional;
}

function isSecret(declared: Option): boolean {
  return declared instanceof DeclaredOption && declared.isSecret;
}

/**
 * One line a setting: its name, its value as JSON, and where it comes from.
 * @param command after its command line was read
 */
export function describeSettings(command: Command): string {
  const rows = command.options
    .filter((declared) => !NOT_IN_FILES.has(declared.name()))
    .map((declared) => {
      const value: unknown = command.getOptionValue(declared.attributeName());
      return [declared.name(), shownValue(declared, value), sourceOf(command, declared)] as const;
    });
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([name, value, source]) => {
      return `${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${source}\n`;
    })
    .join('');
}

function shownValue(declared: Option, value: unknown): string {
  const { standsFor, show = (given: unknown): unknown => given } =
    declared instanceof DeclaredOption ? declared : { standsFor: undefined };
  const held = value ?? standsFor;
  if (held === undefined) return isFlag(declared) ? 'false' : 'none';
  if (!isSecret(declared)) return JSON.stringify(show(held));
  return Array.isArray(value) ? `hidden (${value.length})` : 'hidden';
}

function sourceOf(command: Command, declared: Option): string {
  const source = command.getOptionValueSource(declared.attributeName());
  if (source === 'cli') return 'option';
  if (source === 'env') return `variable ${declared.envVar ?? ''}`;
  return source === FROM_FILE ? `file ${String(command.getOptionValue('config'))}` : 'default';
}
