import type { Command } from 'commander';
import { decimalNumber, option, wholeNumber } from './declare-option.js';

/**
 * Adds the options that say what is known of a number.
 * @param when what the first of them begins with, where they go with another option alone
 */
export function addNumberOptions(command: Command, when = ''): Command {
  const count = wholeNumber(1, 512);
  return command
    .addOption(option('--length <digits>', `${when}how many digits a number has`, { parse: count }))
    .addOption(option('--min-length <digits>', 'how many at least', { parse: count }))
    .addOption(option('--max-length <digits>', 'how many at most', { parse: count }))
    .addOption(option('--pattern <pattern>', 'd for each digit, separators between them, as dd.dd'))
    .addOption(option('--max <number>', 'the largest value of a number', { parse: wholeNumber(0) }))
    .addOption(option('--lines <n>', 'how many lines at most', { parse: count }))
    .addOption(option('--cells <n>', 'cells of a form: one digit or none in each', { parse: count }))
    .addOption(option('--grid <columns x rows>', 'cells of a table, as 9x9'))
    .addOption(
      option('--reject <probability>', 'below it a number is not accepted, and digits are ?', {
        parse: decimalNumber(0, 1),
      }),
    );
}
