import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caption, inputDescription, shares, spoken, verdict, type PageAnswer } from '../../page/answers.js';
import { percent } from '../../page/words/words.js';

/** An answer with the probabilities of two digits, the rest even over the others. */
function answer(best: number, probability: number, second: number, its: number): PageAnswer {
  const rest = (1 - probability - its) / 8;
  const probabilities = Array.from({ length: 10 }, (_, digit) =>
    digit === best ? probability : digit === second ? its : rest,
  );
  return { class: best, probability, probabilities, digit: true, threshold: 0, frame: 'data:,' };
}

describe('percent', () => {
  it.each([
    [0, '0.0%'],
    [0.0004, '0.0%'],
    [0.001, '0.1%'],
    [0.5, '50.0%'],
    [0.98765, '98.8%'],
    [0.999, '99.9%'],
    [0.99951, '99.9%'],
    [0.99999, '99.9%'],
    [1, '100%'],
  ])('%d is %s', (probability, text) => {
    expect(percent(probability)).toBe(text);
  });
});

describe('an answer in words', () => {
  it('is one figure when it is sure', () => {
    const sure = answer(7, 0.97, 1, 0.02);
    expect(caption(sure)).toBe('97.0% sure');
    expect(spoken(sure)).toBe('7, 97.0% sure.');
  });

  it('names the next likely digit when it is not', () => {
    expect(caption(answer(0, 0.6, 9, 0.3))).toBe('0 60.0%, 9 30.0%');
    expect(caption(answer(9, 0.6, 0, 0.3))).toBe('9 60.0%, 0 30.0%');
  });

  it('tells what the model was given', () => {
    expect(inputDescription(answer(7, 0.97, 1, 0.02))).toContain('28 by 28');
    expect(inputDescription({ ...answer(7, 0.97, 1, 0.02), box: [1, 2, 3, 4] })).toBe(
      'The pixels that the model was given',
    );
  });

  it('says that it is no digit where the service says so', () => {
    const none = { ...answer(3, 0.3, 8, 0.1), digit: false, threshold: 0.5 };
    expect(caption(none)).toBe('Closest: 3, with 30.0%.');
    expect(spoken(none)).toBe('Not a digit. Closest: 3, with 30.0%.');
    expect(caption({ ...none, digit: true })).toBe('3 30.0%, 8 10.0%');
  });

  it('names no closest digit where none is close', () => {
    expect(caption({ ...answer(3, 0.15, 8, 0.1), digit: false })).toBe('No digit is close to it.');
  });

  it('is a question below 90%, between digits or between a digit and none', () => {
    expect(verdict(answer(1, 0.97, 7, 0.01))).toBe('1');
    expect(verdict(answer(1, 0.6, 7, 0.3))).toBe('1 or 7?');
    const rest = { probabilities: [0, 0.7, 0, 0, 0, 0, 0, 0.1, 0, 0] };
    const doubtful = { ...answer(1, 0.7, 7, 0.1), ...rest };
    expect(verdict(doubtful)).toBe('1, or no digit?');
    expect(spoken(doubtful)).toBe('1, or no digit?, 1 70.0%, no digit 20.0%.');
    expect(verdict({ ...doubtful, digit: false })).toBe('Not a digit');
  });
});

describe('shares', () => {
  it('add up to 100% with that of no digit, and only what is certain has all', () => {
    const tens = fc.array(fc.double({ min: 1e-9, max: 1, noNaN: true }), { minLength: 11, maxLength: 11 });
    fc.assert(
      fc.property(tens, fc.integer({ min: 0, max: 10 }), fc.boolean(), (weights, peak, isPeaked) => {
        const peaked = weights.map((weight, i) => (isPeaked && i === peak ? 1e6 : weight));
        const sum = peaked.reduce((total, each) => total + each, 0);
        const all = peaked.map((weight) => weight / sum);
        const shown = shares(all.slice(0, 10));
        expect(shown).toHaveLength(11);
        expect(shown.reduce((total, each) => total + each, 0)).toBe(1000);
        shown.forEach((share, i) => expect(Math.abs(share - 1000 * (all[i] ?? 0))).toBeLessThan(1.01));
        expect(Math.max(...shown)).toBeLessThan(1000);
      }),
    );
    expect(shares([0, 0, 0, 0, 0, 0, 0, 1, 0, 0])).toEqual([0, 0, 0, 0, 0, 0, 0, 1000, 0, 0, 0]);
  });
});
