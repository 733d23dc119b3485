import { describe, expect, it } from 'vitest';
import { bracketBehind, marksBefore } from '../../../src/numbers/signs/marks-between.js';

const DIGITS = [0, 30, 60, 90].map((x) => ({ x, y: 10, width: 20, height: 30 }));

const mark = (sign: string, x: number, y: number, probability = 0.9) => ({
  mark: sign,
  box: { x: x - 2, y: y - 2, width: 4, height: 4 },
  probability,
});

describe('marksBefore', () => {
  it('puts what is seen between two digits before the second one', () => {
    expect(marksBefore(DIGITS, [mark('.', 55, 40), mark('-', 85, 26)])).toEqual(['', '', '.', '-']);
  });

  it('takes the most probable mark of a gap', () => {
    expect(marksBefore(DIGITS, [mark('.', 25, 38, 0.6), mark('/', 26, 30, 0.8)])).toEqual(['', '/', '', '']);
  });

  it('leaves out what was read as a digit', () => {
    expect(marksBefore(DIGITS, [mark('/', 41, 26), mark('-', 12, 24)])).toEqual(['', '', '', '']);
  });

  it('puts a bracket that stands before the first digit there, and nothing else', () => {
    expect(marksBefore(DIGITS, [mark('(', -12, 26), mark(')', 85, 26)])).toEqual(['(', '', '', ')']);
    expect(marksBefore(DIGITS, [mark('(', -60, 26)])).toEqual(['', '', '', '']);
    expect(marksBefore(DIGITS, [mark('(', -12, 70)])).toEqual(['', '', '', '']);
  });

  it('leaves out what stands beside the line, before it or behind it', () => {
    const beside = [mark('-', 55, -20), mark('.', 55, 80), mark('/', -5, 25), mark('-', 130, 25)];
    expect(marksBefore(DIGITS, beside)).toEqual(['', '', '', '']);
    expect(marksBefore([], beside)).toEqual([]);
  });
});

describe('bracketBehind', () => {
  it('is one that closes behind the last digit, near it', () => {
    expect(bracketBehind(DIGITS, [mark(')', 122, 26)])).toBe(')');
    expect(bracketBehind(DIGITS, [mark('(', 122, 26), mark(')', 55, 26)])).toBe('');
    expect(bracketBehind(DIGITS, [mark(')', 180, 26)])).toBe('');
    expect(bracketBehind(DIGITS, [mark(')', 122, 70)])).toBe('');
    expect(bracketBehind([], [mark(')', 122, 26)])).toBe('');
  });
});
