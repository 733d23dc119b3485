import { describe, expect, it } from 'vitest';
import { inSeconds, problemOf, sentence } from '../../page/problems.js';
import { MnistClientError } from '../../src/client/exports.js';

const error = (code: string, status?: number): MnistClientError =>
  new MnistClientError(code, 'the message', { status, retryAfterMs: 7000 });

describe('problemOf', () => {
  it.each([
    ['unreachable', undefined, 'The service does not answer'],
    ['timeout', undefined, 'The service is taking very long'],
    ['not_ready', 503, 'The service is starting or stopping'],
    ['overloaded', 503, 'The service is overloaded'],
    ['whatever a proxy says', 429, 'The service is overloaded'],
  ])('says what may pass: %s', (code, status, title) => {
    expect(problemOf(error(code, status))).toMatchObject({ title, isTemporary: true });
  });

  it('asks for a key where the service does', () => {
    expect(problemOf(error('unauthorized', 401))).toMatchObject({
      title: 'This service requires an API key',
      isTemporary: false,
      wantsKey: true,
    });
    expect(problemOf(error('not_an_image', 400)).wantsKey).toBeUndefined();
  });

  it('passes on how long the service asked to wait', () => {
    expect(problemOf(error('overloaded', 503)).retryAfterMs).toBe(7000);
    expect(problemOf(error('unreachable')).retryAfterMs).toBeUndefined();
  });

  it.each([
    ['not_an_image', 400, 'This picture cannot be read'],
    ['body_too_large', 413, 'This picture cannot be read'],
    ['internal', 500, 'The service failed'],
    ['invalid_answer', 200, 'This answer cannot be understood'],
    ['invalid_answer', 502, 'This answer cannot be understood'],
    ['moved', undefined, 'The service has moved'],
  ])('says what will not: %s, status %d', (code, status, title) => {
    expect(problemOf(error(code, status))).toMatchObject({ title, isTemporary: false });
  });

  it("says why a picture was refused, in the service's words", () => {
    const items = [{ index: 0, message: 'expected a PNG file, got text' }];
    const { advice } = problemOf(new MnistClientError('not_an_image', 'The image …', { status: 400, items }));
    expect(advice).toBe('Expected a PNG file, got text. Try another file.');
    expect(problemOf(error('too_many_pixels', 413)).advice).toBe('The message. Try another file.');
  });

  it('does not hide a fault of the page itself', () => {
    expect(problemOf(new TypeError('x is undefined'))).toMatchObject({
      title: 'The page failed',
      advice: expect.stringContaining('x is undefined'),
    });
  });
});

describe('words', () => {
  it('makes sentences', () => {
    expect(['a b', 'A b.', 'why?'].map(sentence)).toEqual(['A b.', 'A b.', 'Why?']);
  });

  it('counts whole seconds, one at least', () => {
    expect([0, 999, 1001, 2000].map(inSeconds)).toEqual([
      'in a second',
      'in a second',
      'in 2 seconds',
      'in 2 seconds',
    ]);
  });
});
