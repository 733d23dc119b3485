import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { decimalNumber, dropFlagsThatSayNo, option, wholeNumber } from '../../src/cli/options.js';

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
});

describe('dropFlagsThatSayNo', () => {
  it('takes a flag whose variable says no as not given, and leaves other variables alone', () => {
    const build = (): Command =>
      new Command().addCommand(
        new Command('run')
          .addOption(option('--json', 'as JSON'))
          .addOption(option('--seed <n>', 'seed'))
          .addOption(option('--count [n]', 'how many')),
      );
    for (const no of ['', '0', 'false', 'No', 'OFF']) {
      const env = { INKDIGIT_JSON: no, INKDIGIT_SEED: '0', INKDIGIT_COUNT: '0', OTHER: '0' };
      dropFlagsThatSayNo(build(), env);
      expect(env).toEqual({ INKDIGIT_SEED: '0', INKDIGIT_COUNT: '0', OTHER: '0' });
    }
    for (const yes of ['1', 'true', 'yes']) {
      const env = { INKDIGIT_JSON: yes };
      dropFlagsThatSayNo(build(), env);
      expect(env).toEqual({ INKDIGIT_JSON: yes });
    }
  });
});
