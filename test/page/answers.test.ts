import { describe, expect, it } from 'vitest';
import { caption, inputDescription, percent, spoken, type PageAnswer } from '../../page/answers.js';

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
    [0.99951, '> 99.9%'],
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
    expect(caption(answer(0, 0.6, 9, 0.3))).toBe('60.0% sure; it could be 9, 30.0%');
    expect(caption(answer(9, 0.6, 0, 0.3))).toBe('60.0% sure; it could be 0, 30.0%');
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
    expect(caption({ ...none, digit: true })).toContain('sure');
  });
});
