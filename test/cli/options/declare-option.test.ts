import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  decimalNumber,
  option,
  settleVariables,
  wholeNumber,
} from '../../../src/cli/options/declare-option.js';

describe('wholeNumber', () => {
  it('reads whole numbers of its range and refuses all else in words', () => {
    const parse = wholeNumber(1, 64);
    expect(parse('64')).toBe(64);
    for (const text of ['0', '65', '1.5', '-1', '1e1', '', ' 3', 'x', '0x10']) {
      expect(() => parse(text)).toThrow(`Expected a whole number from 1 to 64, got ${JSON.stringify(text)}.`);
    }
    expect(() => wholeNumber(2)('1')).toThrow('of at least 2');
  });
});

describe('decimalNumber', () => {
  it('reads numbers of its range and refuses all else in words', () => {
    const parse = decimalNumber(0, 1);
    expect(parse('1e-3')).toBe(0.001);
    for (const text of ['-0.1', '1.1', '', ' ', 'NaN', 'Infinity', 'fast']) {
      expect(() => parse(text)).toThrow(`Expected a number from 0 to 1, got ${JSON.stringify(text)}.`);
    }
  });
});

describe('option', () => {
  it('gives each flag an environment variable and shows it in the help', () => {
    const command = new Command()
      .addOption(option('--max-batch <images>', 'images a request', { default: 64, parse: wholeNumber(1) }))
      .addOption(option('--no-test', 'leave the test out'));
    expect(command.helpInformation().replaceAll(/\s+/g, ' ')).toMatch(
      /images a request \(default: 64, env: INKDIGIT_MAX_BATCH\).*\(env: INKDIGIT_NO_TEST\)/,
    );
  });

  it.each(['--host <address>', '--outliers [folder]'])('refuses an empty value for %s', (flags) => {
    const command = new Command()
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .addOption(option(flags, '', { default: 'something' }));
    const flag = flags.split(' ')[0] ?? '';
    for (const empty of ['', ' ']) {
      expect(() => command.parse([flag, empty], { from: 'user' })).toThrow(
        `argument '${empty}' is invalid. Expected a value, got ${JSON.stringify(empty)}. Leave the option out`,
      );
    }
    expect(command.parse([flag, 'x'], { from: 'user' }).opts()).toEqual({ [flag.slice(2)]: 'x' });
  });
});

describe('settleVariables', () => {
  const build = (): Command =>
    new Command().addCommand(
      new Command('run')
        .addOption(option('--json', 'as JSON'))
        .addOption(option('--seed <n>', 'seed'))
        .addOption(option('--count [n]', 'how many'))
        .addOption(option('--port <n>', 'port', { fallbackEnv: 'PORT' })),
    );

  it('takes a flag whose variable says no as not given, and leaves other variables alone', () => {
    for (const no of ['', '0', 'false', 'No', 'OFF']) {
      const env = { INKDIGIT_JSON: no, INKDIGIT_SEED: '0', INKDIGIT_COUNT: '0', OTHER: '0' };
      settleVariables(build(), env);
      expect(env).toEqual({ INKDIGIT_SEED: '0', INKDIGIT_COUNT: '0', OTHER: '0' });
    }
    for (const yes of ['1', 'true', 'yes']) {
      const env = { INKDIGIT_JSON: yes };
      settleVariables(build(), env);
      expect(env).toEqual({ INKDIGIT_JSON: yes });
    }
  });

  it('takes an empty variable as not given, whatever the option', () => {
    const env = { INKDIGIT_JSON: '', INKDIGIT_SEED: '', INKDIGIT_COUNT: '', OTHER: '' };
    settleVariables(build(), env);
    expect(env).toEqual({ OTHER: '' });
  });

  it.each([
    [{ PORT: '1' }, 'PORT'],
    [{ PORT: '1', INKDIGIT_PORT: '' }, 'PORT'],
    [{ PORT: '1', INKDIGIT_PORT: '2' }, 'INKDIGIT_PORT'],
    [{ PORT: '' }, 'INKDIGIT_PORT'],
    [{}, 'INKDIGIT_PORT'],
  ])('of %j it has the option read from %s', (env, expected) => {
    const command = build();
    settleVariables(command, env);
    const port = command.commands[0]?.options.find(({ long }) => long === '--port');
    expect(port?.envVar).toBe(expected);
  });
});
