import { afterEach, describe, expect, it, vi } from 'vitest';
import { PrimaryText } from '../../../src/server/metrics/primary-text.js';

afterEach(() => void vi.useRealTimers());

describe('PrimaryText', () => {
  it('gives each question its own answer, in whatever order they come', async () => {
    const asked: [number, string][] = [];
    const text = new PrimaryText((id, format) => void asked.push([id, format]));
    const [first, second] = [text.get('prometheus'), text.get('openmetrics')];
    expect(asked.map(([, format]) => format)).toEqual(['prometheus', 'openmetrics']);
    text.receive(asked[1]![0], 'two');
    text.receive(asked[0]![0], 'one');
    expect(await Promise.all([first, second])).toEqual(['one', 'two']);
    expect(() => text.receive(asked[0]![0], 'again')).not.toThrow();
  });

  it('gives up on a primary that does not answer', async () => {
    vi.useFakeTimers();
    const text = new PrimaryText(() => {});
    const answer = expect(text.get('prometheus')).rejects.toMatchObject({ code: 'not_ready' });
    await vi.advanceTimersByTimeAsync(5000);
    await answer;
  });
});
