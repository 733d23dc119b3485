import { describe, expect, it } from 'vitest';
import type { PageAnswer } from '../../../page/answers.js';
import { Challenge } from '../../../page/welcome/challenge.js';
import type { PageReading } from '../../../page/number/picture-asker.js';

function reading(digit: number, probability: number, isDigit = true): PageReading {
  const probabilities = Array.from({ length: 10 }, (_, i) => (i === digit ? probability : 0));
  const answer: PageAnswer = {
    class: digit,
    probability,
    probabilities,
    digit: isDigit,
    threshold: 0.5,
    frame: 'data:,',
  };
  return { kind: 'digit', answer };
}

describe('Challenge', () => {
  it('asks for a digit, and says how it went', () => {
    const challenge = new Challenge(() => 0.42);
    expect(challenge.digit).toBe(4);
    expect(challenge.words).toBe('Write a 4 that you would know, and it does not.');
    challenge.judge(reading(4, 0.99));
    expect([challenge.outcome, challenge.words]).toEqual([
      'known',
      'It knows your 4. Clear, and write it stranger.',
    ]);
    challenge.judge(reading(4, 0.7));
    expect([challenge.outcome, challenge.words]).toEqual([
      'doubt',
      'Almost: it is in doubt, 4, or no digit?',
    ]);
    challenge.judge(reading(9, 0.8));
    expect(challenge.words).toBe('You fooled it: your 4 was read as 9, or no digit?.');
  });

  it('counts a drawing once, as it was read last', () => {
    const challenge = new Challenge(() => 0);
    expect(challenge.score).toBe('');
    challenge.judge(reading(6, 0.95));
    challenge.judge(reading(0, 0.95));
    expect(challenge.score).toBe('Fooled 0 of 1 times');
    challenge.clear();
    challenge.judge(reading(6, 0.95, false));
    expect(challenge.score).toBe('Fooled 1 of 2 times');
  });

  it('goes on with another digit', () => {
    const challenge = new Challenge(() => 0.999);
    const first = challenge.digit;
    challenge.next();
    expect(challenge.digit).not.toBe(first);
    expect(challenge.outcome).toBeNull();
  });
});
