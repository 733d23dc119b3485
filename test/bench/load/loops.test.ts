import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runClosedLoop } from '../../../bench/load/closed-loop.js';
import { runOpenLoop } from '../../../bench/load/open-loop.js';
import { prepareRequests, type PreparedRequest } from '../../../bench/load/requests.js';
import { otherAnswers, refusals } from '../../../bench/load/tally.js';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function listen(listener: RequestListener): Promise<number> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Says the class that the body asks for. */
function echoClass(wrongFor = -1): RequestListener {
  return (request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      const asked = Number(body);
      const text = JSON.stringify({ responses: [{ class: asked === wrongFor ? 0 : asked }] });
      response.writeHead(200, { 'content-length': text.length }).end(text);
    });
  };
}

function requestsFor(port: number): PreparedRequest[] {
  const bodies = [1, 2, 3, 4].map((digit) => ({
    body: Buffer.from(String(digit)),
    imageCount: 1,
    classes: [digit],
  }));
  return prepareRequests(bodies, { port, path: '/' });
}

describe('runClosedLoop', () => {
  it('sends as many requests as it was told, each connection one at a time', async () => {
    let open = 0;
    let mostOpen = 0;
    const answer = echoClass();
    const held: (() => void)[] = [];
    const port = await listen((request, response) => {
      mostOpen = Math.max(mostOpen, ++open);
      response.on('finish', () => (open -= 1));
      held.push(() => answer(request, response));
      if (mostOpen === 3) for (const next of held.splice(0)) next();
    });
    const load = { kind: 'closed', connections: 3, until: { requests: 50 }, checks: true } as const;
    const result = await runClosedLoop(port, requestsFor(port), load);
    expect(result).toMatchObject({ statuses: { 200: 50 }, answered: 50, images: 50, wrong: 0, lost: 0 });
    expect(mostOpen).toBe(3);
    expect(result.latencyMs.p50).toBeGreaterThan(0);
    expect(result.imagesPerSecond).toBeGreaterThan(0);
  });

  it('counts answers that are wrong', async () => {
    const port = await listen(echoClass(3));
    const load = { kind: 'closed', connections: 1, until: { requests: 8 }, checks: true } as const;
    expect(await runClosedLoop(port, requestsFor(port), load)).toMatchObject({ answered: 8, wrong: 2 });
  });

  it('connects anew where the server closes each connection', async () => {
    const answer = echoClass();
    const port = await listen((request, response) => {
      response.setHeader('connection', 'close');
      answer(request, response);
    });
    const load = { kind: 'closed', connections: 2, until: { requests: 10 }, checks: true } as const;
    expect(await runClosedLoop(port, requestsFor(port), load)).toMatchObject({ answered: 10, lost: 0 });
  });

  it('gives up on a server that loses every connection', async () => {
    const port = await listen((request) => request.socket.destroy());
    const load = { kind: 'closed', connections: 2, until: { ms: 5000 }, checks: false } as const;
    await expect(runClosedLoop(port, requestsFor(port), load)).rejects.toThrow(/closed 3 connections early/);
  });
});

describe('runOpenLoop', () => {
  it.each([{}, { napMs: 5 }])('sends all that is due and counts what is refused apart: %j', async (nap) => {
    let count = 0;
    const port = await listen((_request, response) => {
      count += 1;
      response.writeHead(count % 4 === 0 ? 503 : 200, { 'content-length': 0 }).end();
    });
    const load = {
      kind: 'open',
      perSecond: 400,
      ms: 200,
      connections: 4,
      maxConnections: 128,
      checks: false,
      ...nap,
    } as const;
    const result = await runOpenLoop(port, requestsFor(port), load);
    expect(result).toMatchObject({ statuses: { 200: 60, 503: 20 }, answered: 60, lost: 0, unsent: 0 });
    expect(refusals(result)).toBe(20);
    expect(otherAnswers(result)).toBe(0);
  });

  it('opens more connections while all wait, up to a bound, and counts what could not be sent', async () => {
    const held: (() => void)[] = [];
    const port = await listen((_request, response) => {
      held.push(() => response.writeHead(200, { 'content-length': 0 }).end());
      if (held.length === 3) setTimeout(() => held.forEach((answer) => answer()), 400);
    });
    const load = {
      kind: 'open',
      perSecond: 100,
      ms: 200,
      connections: 1,
      maxConnections: 3,
      checks: false,
    } as const;
    const result = await runOpenLoop(port, requestsFor(port), load);
    expect(result).toMatchObject({ answered: 3, unsent: 17, lost: 0 });
    // Counted from when they were due, not from when the server came to them.
    expect(result.latencyMs.p50).toBeGreaterThan(390);
  });
});
