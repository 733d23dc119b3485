import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveReader } from '../../page/live-reader.js';
import { MnistClientError } from '../../src/client/exports.js';

interface Asked {
  readonly signal: AbortSignal;
  readonly answer: (text: string) => void;
  readonly fail: (error: Error) => void;
}

/** A reader whose service is this test. */
function reader(): { live: LiveReader<string>; asked: Asked[]; told: string[] } {
  const asked: Asked[] = [];
  const told: string[] = [];
  const live = new LiveReader<string>({
    ask: (signal) =>
      new Promise((resolve, reject) => {
        asked.push({ signal, answer: resolve, fail: reject });
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    onAnswer: (answer) => told.push(answer),
    onProblem: ({ title }, retryMs) => told.push(`${title} (${retryMs})`),
    onBusy: (isBusy) => told.push(isBusy ? 'busy' : 'idle'),
    nowMs: () => Date.now(),
  });
  return { live, asked, told };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('LiveReader', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks, answers and is idle again', async () => {
    const { live, asked, told } = reader();
    live.change();
    asked[0]?.answer('7');
    await settle();
    expect(told).toEqual(['busy', '7', 'idle']);
    expect(asked).toHaveLength(1);
  });

  it('asks about the newest change when the request in flight has ended', async () => {
    const { live, asked, told } = reader();
    for (let i = 0; i < 5; i++) live.change();
    expect(asked).toHaveLength(1);
    asked[0]?.answer('an earlier one');
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toHaveLength(2);
    asked[1]?.answer('the newest');
    await settle();
    expect(told.filter((text) => text !== 'busy')).toEqual(['an earlier one', 'the newest', 'idle']);
  });

  it('aborts a request that takes too long once the drawing has moved on', async () => {
    const { live, asked } = reader();
    live.change();
    live.change();
    await vi.advanceTimersByTimeAsync(399);
    expect([asked.length, asked[0]?.signal.aborted]).toEqual([1, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect([asked.length, asked[0]?.signal.aborted]).toEqual([2, true]);
  });

  it('aborts what was asked about a drawing that is cleared, and tells no answer', async () => {
    const { live, asked, told } = reader();
    live.change();
    live.clear();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked.length, asked[0]?.signal.aborted]).toEqual([1, true]);
    expect(new Set(told)).toEqual(new Set(['busy', 'idle']));
  });

  it('tries again after a failure that may pass, at once when told to', async () => {
    const { live, asked, told } = reader();
    live.change();
    asked[0]?.fail(new MnistClientError('overloaded', 'busy', { status: 503, retryAfterMs: 2000 }));
    await vi.advanceTimersByTimeAsync(1999);
    expect(told).toContain('The service is overloaded (2000)');
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(2);
    asked[1]?.fail(new MnistClientError('unreachable', 'gone'));
    await settle();
    live.hurry();
    expect(asked).toHaveLength(3);
    asked[2]?.answer('7');
    await settle();
    expect(told.slice(-2)).toEqual(['7', 'idle']);
  });

  it('does not ask again about what was refused', async () => {
    const { live, asked, told } = reader();
    live.change();
    asked[0]?.fail(new MnistClientError('not_an_image', 'no image', { status: 400 }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    expect(told).toEqual(['busy', 'This picture cannot be read (null)', 'idle']);
  });
});
