import type { SendHandle } from 'node:child_process';
import type { Worker } from 'node:cluster';

/** What `node:cluster` says to a worker along with a connection, and the worker's word that it took it or not. */
interface InternalMessage {
  readonly cmd?: string;
  readonly act?: string;
  readonly seq?: number;
  readonly ack?: number;
}

interface Connection {
  close(): void;
}

/**
 * Ends the connections that a worker was handed and had not taken when it died. `node:cluster` forgets them, open:
 * their clients would wait for ever. It has no public word for it, so this follows its messages; were they to change,
 * nothing but this would be lost.
 * @returns whether such messages were seen in both directions. A worker that listens has asked for its port, and was
 * answered.
 */
export function closeInFlightConnections(worker: Worker): () => boolean {
  const inFlight = new Map<number | undefined, Connection>();
  let wasSent = false;
  let wasReceived = false;
  const channel = worker.process;
  const send = channel.send.bind(channel);
  channel.send = (message: InternalMessage, ...rest: unknown[]): boolean => {
    const [handle] = rest;
    wasSent ||= message.cmd === 'NODE_CLUSTER';
    if (message.act === 'newconn' && isConnection(handle)) inFlight.set(message.seq, handle);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- passed on as it came
    return send(message, ...(rest as [SendHandle]));
  };
  channel.on('internalMessage', ({ cmd, ack }: InternalMessage) => {
    wasReceived ||= cmd === 'NODE_CLUSTER';
    inFlight.delete(ack);
  });
  worker.once('exit', () => {
    for (const connection of inFlight.values()) connection.close();
  });
  return () => wasSent && wasReceived;
}

function isConnection(handle: unknown): handle is Connection {
  return typeof handle === 'object' && handle !== null && 'close' in handle;
}
