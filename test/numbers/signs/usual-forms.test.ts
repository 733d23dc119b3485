import { describe, expect, it } from 'vitest';
import { numberPaths } from '../../../src/numbers/lattice.js';
import { rulesOf } from '../../../src/numbers/rules.js';
import { rankedByForm } from '../../../src/numbers/signs/usual-forms.js';
import type { DetectedSeparator } from '../../../src/numbers/detections.js';
import { candidate } from '../candidates.js';

const STEP = 24;
const NO_RULES = rulesOf({});

/** A line of digits and separators, of which each `?` is a 1 that is less likely a digit than none. */
function line(text: string) {
  const places = Array.from(text, (char, i) => ({ char, x: STEP * i }));
  const candidates = places.flatMap(({ char, x }) => {
    if (char === '?') return [candidate(1, x, { isDigit: 0.3 })];
    return /\d/.test(char) ? [candidate(Number(char), x)] : [];
  });
  const separators = places.flatMap(({ char, x }): DetectedSeparator[] =>
    /[-./()]/.test(char) ? [{ mark: char, box: candidate(1, x).box, probability: 0.9 }] : [],
  );
  return { candidates, separators, paths: numberPaths(candidates, NO_RULES) };
}

function readAs(text: string): string | undefined {
  const { candidates, separators, paths } = line(text);
  return rankedByForm(paths, candidates, separators)[0]?.text;
}

describe('rankedByForm', () => {
  it('reads a doubtful digit where a number of a usual form lacks it', () => {
    expect(readAs('55?-0100')).toBe('5510100');
    expect(readAs('212-55?-0100')).toBe('2125510100');
    expect(readAs('(2?2)555-0100')).toBe('2125550100');
    expect(readAs('902?0-1234')).toBe('902101234');
    expect(readAs('12/25/9?')).toBe('122591');
  });

  it('reads a date that is in the calendar', () => {
    const { candidates, separators } = line('12/72/99');
    const doubtful = candidates.map((each, i) =>
      i === 2 ? { ...each, probabilities: each.probabilities.with(1, 0.4).with(7, 0.5) } : each,
    );
    const paths = numberPaths(doubtful, NO_RULES);
    expect(paths[0]?.text).toBe('127299');
    expect(rankedByForm(paths, doubtful, separators)[0]?.text).toBe('121299');
  });

  it('leaves out one too many', () => {
    expect(readAs('555?-0100')).toBe('5550100');
    expect(readAs('2024?-12-24')).toBe('20241224');
  });

  it('changes nothing of other forms, and of numbers without separators', () => {
    expect(readAs('55?')).toBe('55');
    expect(readAs('4?-33')).toBe('433');
    expect(readAs('1?.5')).toBe('15');
  });

  it('gives probabilities of the same sum at most, the likeliest first', () => {
    const { candidates, separators, paths } = line('55?-0100');
    const ranked = rankedByForm(paths, candidates, separators);
    const sum = ranked.reduce((all, { probability }) => all + probability, 0);
    expect(sum).toBeLessThanOrEqual(1 + 1e-9);
    const probabilities = ranked.map(({ probability }) => probability);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    expect(new Set(ranked.map(({ text }) => text))).toEqual(new Set(paths.map(({ text }) => text)));
  });
});
