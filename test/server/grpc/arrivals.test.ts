import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Arrivals, type Arrival } from '../../../src/server/grpc/arrivals.js';
import type { InkdigitError } from '../../../src/errors.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const arrivalsOf = (maxArriving: number, maxWaiting = 100): Arrivals =>
  new Arrivals({ maxArriving, maxWaiting, stallMs: 1000, timeoutMs: 60_000 }, () => Date.now());

/** Notes what becomes of it. */
class Message implements Arrival {
  state: string = 'waiting';
  readonly leave: () => void;

  constructor(arrivals: Arrivals) {
    this.leave = arrivals.enter(this);
  }

  start(): void {
    this.state = 'arriving';
  }

  refuse({ code }: InkdigitError): void {
    this.state = code;
  }
}

const statesOf = (messages: readonly Message[]): string[] => messages.map(({ state }) => state);

describe('Arrivals', () => {
  it('lets a few arrive at once, the others in their order', () => {
    const arrivals = arrivalsOf(2);
    const messages = Array.from({ length: 4 }, () => new Message(arrivals));
    expect(statesOf(messages)).toEqual(['arriving', 'arriving', 'waiting', 'waiting']);
    messages[1]?.leave();
    messages[1]?.leave();
    expect(statesOf(messages)).toEqual(['arriving', 'arriving', 'arriving', 'waiting']);
    messages[3]?.leave();
    messages[0]?.leave();
    expect(statesOf(messages)).toEqual(['arriving', 'arriving', 'arriving', 'waiting']);
    expect(new Message(arrivals).state).toBe('arriving');
  });

  it('refuses one that stalls while others wait, and only then', () => {
    const arrivals = arrivalsOf(1);
    const slow = new Message(arrivals);
    vi.advanceTimersByTime(5_000);
    expect(slow.state).toBe('arriving');
    const next = new Message(arrivals);
    const last = new Message(arrivals);
    vi.advanceTimersByTime(10);
    expect(statesOf([slow, next, last])).toEqual(['overloaded', 'arriving', 'waiting']);
    vi.advanceTimersByTime(990);
    next.leave();
    expect(statesOf([next, last])).toEqual(['arriving', 'arriving']);
    vi.advanceTimersByTime(50_000);
    expect(last.state).toBe('arriving');
  });

  it('refuses what waits beyond its room, and what takes too long', () => {
    const arrivals = arrivalsOf(1, 1);
    const messages = Array.from({ length: 3 }, () => new Message(arrivals));
    expect(statesOf(messages)).toEqual(['arriving', 'waiting', 'overloaded']);
    const alone = new Message(arrivalsOf(1));
    vi.advanceTimersByTime(60_000);
    expect(alone.state).toBe('request_timeout');
  });
});
