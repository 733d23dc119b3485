import { EventEmitter } from 'node:events';
import type { Worker } from 'node:cluster';
import { describe, expect, it } from 'vitest';
import { closeInFlightConnections } from '../../../../src/server/processes/node-internals/in-flight-connections.js';

/** A worker, its channel, and what was sent through it. */
function fakeWorker(): { worker: Worker; channel: EventEmitter & { send: Worker['send'] }; sent: unknown[] } {
  const sent: unknown[] = [];
  const send = (...message: unknown[]): boolean => sent.push(message) > 0;
  const channel = Object.assign(new EventEmitter(), { send });
  const worker = Object.assign(new EventEmitter(), { process: channel }) as unknown as Worker;
  return { worker, channel, sent };
}

function connection(): { close(): void; isClosed: boolean } {
  return {
    isClosed: false,
    close() {
      this.isClosed = true;
    },
  };
}

describe('closeInFlightConnections', () => {
  it('closes what a worker was handed and had not taken when it died, and passes on every message', () => {
    const { worker, channel, sent } = fakeWorker();
    closeInFlightConnections(worker);
    const [taken, inFlight] = [connection(), connection()];
    const messages = [
      [{ cmd: 'NODE_CLUSTER', act: 'newconn', seq: 1 }, taken],
      [{ cmd: 'NODE_CLUSTER', act: 'newconn', seq: 2 }, inFlight],
      [{ kind: 'drain' }],
    ] as const;
    for (const [message, handle] of messages) channel.send(message, handle as never);
    channel.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack: 1, accepted: true });
    expect([taken.isClosed, inFlight.isClosed]).toEqual([false, false]);
    worker.emit('exit');
    expect([taken.isClosed, inFlight.isClosed]).toEqual([false, true]);
    expect(sent.map((args) => (args as unknown[])[0])).toEqual(messages.map(([message]) => message));
  });

  it('tells whether node:cluster speaks as it is known to, both ways', () => {
    const { worker, channel } = fakeWorker();
    const isFollowed = closeInFlightConnections(worker);
    channel.send({ kind: 'start' });
    channel.emit('internalMessage', { of: 'another kind' });
    expect(isFollowed()).toBe(false);
    channel.emit('internalMessage', { cmd: 'NODE_CLUSTER', act: 'queryServer', seq: 0 });
    expect(isFollowed()).toBe(false);
    channel.send({ cmd: 'NODE_CLUSTER', ack: 0 });
    expect(isFollowed()).toBe(true);
  });
});
