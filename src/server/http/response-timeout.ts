import type { ServerResponse } from 'node:http';

/**
 * Cuts off a client that does not read its answer: Node bounds the time for a request to arrive, not for an answer to
 * leave. Once an answer is sent whole, Node's time for idle connections takes over.
 */
export function limitResponseTime(response: ServerResponse, timeoutMs: number): void {
  response.once('prefinish', () => {
    const { socket } = response;
    if (socket && socket.writableLength > 0) socket.setTimeout(timeoutMs);
  });
}
