import { describe, expect, it } from 'vitest';
import { logStyleOf } from '../../../src/server/log/log-format.js';

describe('logStyleOf', () => {
  it.each([
    ['auto', true, {}, { isPretty: true, isColored: true }],
    ['auto', false, {}, { isPretty: false, isColored: false }],
    ['json', true, {}, { isPretty: false, isColored: false }],
    ['pretty', false, {}, { isPretty: true, isColored: false }],
    ['auto', true, { NO_COLOR: '1' }, { isPretty: true, isColored: false }],
    ['auto', true, { TERM: 'dumb' }, { isPretty: true, isColored: false }],
  ] as const)('of %s, on a terminal: %s, with %j', (format, isTerminal, env, expected) => {
    expect(logStyleOf(format, isTerminal, env)).toEqual(expected);
  });
});
