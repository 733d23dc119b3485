import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { factsOf, wilsonInterval } from '../../page/model-facts.js';
import type { ModelCard } from '../../src/client/exports.js';

describe('wilsonInterval', () => {
  it('is that of published tables', () => {
    // Newcombe, Statistics in Medicine 17 (1998), table I: 81/263 and 15/148.
    const round = (interval: readonly number[]): number[] =>
      interval.map((end) => Math.round(end * 1e4) / 1e4);
    expect(round(wilsonInterval(81, 263))).toEqual([0.2553, 0.3662]);
    expect(round(wilsonInterval(15, 148))).toEqual([0.0624, 0.1605]);
  });
});

describe('factsOf', () => {
  it('says what the card of the shipped model says', () => {
    const card = JSON.parse(
      readFileSync(new URL('../../models/mnist.int8.json', import.meta.url), 'utf8'),
    ) as ModelCard & { test: { correct: number } };
    const facts = Object.fromEntries(factsOf(card));
    expect(facts['Accuracy']).toContain(`${card.test.correct / 100}% of 10,000`);
    expect(facts['Size']).toMatch(/^\d{3},\d{3} parameters, \d+ kB$/);
    expect(facts['Learned from']).toContain('MNIST');
    expect(Object.keys(facts)).toEqual(['Accuracy', 'Size', 'Learned from', 'Non-digits', 'Limits']);
  });

  it('leaves out what a card lacks', () => {
    expect(factsOf({ name: 'x', file: { bytes: 1, sha256: '' } }).map(([name]) => name)).toEqual(['Limits']);
  });
});
