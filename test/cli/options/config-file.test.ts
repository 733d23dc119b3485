import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptedKeysOption, corsOption } from '../../../src/cli/options/access-options.js';
import { describeSettings, readSettings, takeWholeConfigFile } from '../../../src/cli/options/config-file.js';
import { decimalNumber, option, wholeNumber } from '../../../src/cli/options/declare-option.js';

const KEY = 'a-key-of-many-characters';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function build(): Command {
  const command = new Command('run')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addOption(
      option('--max-batch <n>', 'images', { default: 64, env: 'TEST_MAX_BATCH', parse: wholeNumber(1) }),
    )
    .addOption(option('--share <n>', 'share', { parse: decimalNumber(0, 1) }))
    .addOption(option('--host <address>', 'address', { default: '127.0.0.1' }))
    .addOption(option('--level <level>', 'level').choices(['info', 'warn']))
    .addOption(option('--quiet', 'say less'))
    .addOption(option('--no-page', 'leave the page out'))
    .addOption(acceptedKeysOption())
    .addOption(corsOption())
    .action(() => {});
  return takeWholeConfigFile(command);
}

function writeConfig(content: unknown): string {
  const file = join(folder, 'inkdigit.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function run(content: unknown, ...args: string[]): Command {
  return build().parse([...args, '--config', writeConfig(content)], { from: 'user' });
}

describe('a configuration file', () => {
  it('gives options by their names, each as the option reads it', () => {
    const command = run({
      'max-batch': 8,
      share: 0.5,
      host: '::1',
      level: 'warn',
      quiet: true,
      'no-page': true,
      'api-key': [KEY],
      'cors-origin': ['https://a.example', 'https://b.example'],
    });
    expect(command.opts()).toMatchObject({
      maxBatch: 8,
      share: 0.5,
      host: '::1',
      level: 'warn',
      quiet: true,
      page: false,
      apiKey: [KEY],
      corsOrigin: ['https://a.example', 'https://b.example'],
    });
  });

  it('takes a list as a text with commas too, and false of a flag as none', () => {
    const command = run({
      'cors-origin': 'https://a.example,https://b.example',
      quiet: false,
      'no-page': false,
    });
    expect(command.opts()).toMatchObject({
      corsOrigin: ['https://a.example', 'https://b.example'],
      page: true,
    });
    expect(command.opts()).not.toHaveProperty('quiet');
  });

  it('stands behind variables, and those behind the command line', () => {
    expect(run({ 'max-batch': 8 }).opts()).toMatchObject({ maxBatch: 8 });
    process.env['TEST_MAX_BATCH'] = '16';
    try {
      expect(run({ 'max-batch': 8 }).opts()).toMatchObject({ maxBatch: 16 });
      expect(run({ 'max-batch': 8 }, '--max-batch', '32').opts()).toMatchObject({ maxBatch: 32 });
    } finally {
      delete process.env['TEST_MAX_BATCH'];
    }
  });

  it('is begun by a byte order mark or not', () => {
    expect(run('\uFEFF{"max-batch": 8}').opts()).toMatchObject({ maxBatch: 8 });
  });

  it.each([
    [{ maxBatch: 8 }, 'has "maxBatch", which is no option. Did you mean "max-batch"?'],
    [{ 'max-batsh': 8 }, 'Did you mean "max-batch"?'],
    [{ something: 1 }, 'has "something", which is no option. There are: max-batch, share, host'],
    [{ config: 'x.json' }, 'has "config", which is no option'],
    [{ __proto__x: 1 }, 'is no option'],
    [{ 'max-batch': '8' }, '"max-batch": expected a number, got "8"'],
    [{ 'max-batch': null }, '"max-batch": expected a number, got null'],
    [{ 'max-batch': 0 }, '"max-batch": Expected a whole number of at least 1, got "0"'],
    [{ 'max-batch': 1.5 }, 'Expected a whole number'],
    [{ share: 2 }, '"share": Expected a number from 0 to 1, got "2"'],
    [{ host: 5 }, '"host": expected a text, got 5'],
    [{ host: '' }, '"host": Expected a value'],
    [{ level: 'loud' }, '"level": Allowed choices are info, warn'],
    [{ quiet: 1 }, '"quiet": expected true or false, got 1'],
    [{ 'cors-origin': [1] }, '"cors-origin": expected an array of texts or a text, got [1]'],
    [[1], 'is no object'],
    ['null', 'is no object'],
  ])('%j is refused', (content, message) => {
    expect(() => run(content)).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(message) }),
    );
  });

  it('that is not JSON is refused with the reason, and no value of it is repeated', () => {
    const content = `{\n  "max-batch": 8,\n  "api-key": ${KEY}\n}`;
    expect(() => run('{"max-batch": 8,}')).toThrow(/is not JSON: Expected .* at position 16/);
    expect(() => run(content)).toThrow(/inkdigit\.json is not JSON: Unexpected token 'a'\.$/);
  });

  it('that is not there is named', () => {
    const command = build();
    expect(() => command.parse(['--config', join(folder, 'none.json')], { from: 'user' })).toThrow(
      expect.objectContaining({ code: 'missing_file', message: expect.stringContaining('none.json') }),
    );
  });

  it.each([[{ 'api-key': 'too-short-7' }], [{ 'api-key': { key: 'too-short-7' } }]])(
    'never repeats a key, as in %j',
    (content) => {
      expect(() => run(content)).toThrow(expect.objectContaining({ code: 'invalid_option' }));
      expect(() => run(content)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('too-short') }),
      );
    },
  );

  it('has every fault found, also of what an option overrides', () => {
    expect(() => run({ 'max-batch': 0 }, '--max-batch', '8')).toThrow('of at least 1');
  });
});

describe('a secret', () => {
  it('is not taken from the command line, and not repeated', () => {
    const command = build();
    expect(() => command.parse(['--api-key', KEY], { from: 'user' })).toThrow(
      /^--api-key is not taken from the command line, .* set INKDIGIT_API_KEY, or "api-key" in the file of --config\.$/,
    );
  });
});

describe('describeSettings', () => {
  it('has every setting with its value and where it comes from, secrets hidden', () => {
    process.env['TEST_MAX_BATCH'] = '16';
    try {
      const command = run({ host: '::1', 'api-key': [KEY] }, '--quiet', '--print-config');
      const text = describeSettings(command);
      const file = join(folder, 'inkdigit.json');
      expect(text.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
        ['max-batch', '16', 'variable TEST_MAX_BATCH'],
        ['share', 'none', 'default'],
        ['host', '"::1"', `file ${file}`],
        ['level', 'none', 'default'],
        ['quiet', 'true', 'option'],
        ['no-page', 'true', 'default'],
        ['api-key', 'hidden (1)', `file ${file}`],
        ['cors-origin', 'none', 'default'],
        [''],
      ]);
      expect(text).not.toContain(KEY);
    } finally {
      delete process.env['TEST_MAX_BATCH'];
    }
  });
});

describe('readSettings', () => {
  it('knows no names that objects have by themselves', () => {
    expect(() => readSettings(JSON.parse('{"__proto__": 1}'), build().options, 'x.json')).toThrow(
      'is no option',
    );
    expect(() => readSettings({ constructor: 1 }, build().options, 'x.json')).toThrow('is no option');
  });
});
