import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { writeMarkedCopies } from '../../bench/serving/marked-versions.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { ModelStore } from '../../src/store/model-store.js';
import { readStatuses } from '../../src/store/service-status.js';
import { Clients, latencyOf, type Counts, type RequestBody } from './clients.js';
import { Machine, PROXY_PORT, startProxy, type ProxyName } from './machines.js';
import type { Host } from './namespaces.js';

/** What happened in a phase, with the requests that ended meanwhile. */
export interface Phase {
  readonly name: string;
  readonly counts: Counts;
  /** Requests that the balancer sent a second time; `NaN` where it does not say. */
  readonly repeats: number;
}

export interface UpdateSettings {
  readonly proxy: ProxyName;
  /** How often each service is replaced, by each signal. */
  readonly rounds: number;
  /** Clients of each kind: that keep their connection, and that do not. */
  readonly clients: number;
  readonly everyMs: number;
  /** Also: the model swapped on all, one service made slow, more than all can do. */
  readonly isWhole: boolean;
}

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const SLOW_MS = 4000;
const OVERLOAD_MS = 4000;

/**
 * Replaces services behind a balancer while clients ask. Runs within the balancer's namespace.
 * @param hosts with nothing on them yet
 */
export async function checkUpdates(
  hosts: readonly Host[],
  { proxy: name, rounds, clients: count, everyMs, isWhole }: UpdateSettings,
  says: (line: string) => void,
): Promise<Phase[]> {
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-updates-'));
  const store = isWhole ? await makeStore(folder) : null;
  const model = store ? ['--models', store.dir, '--canary-ms', '200'] : [];
  const machines = hosts.map((host) => new Machine(host, model));
  await Promise.all(machines.map((machine) => machine.start()));
  const proxy = await startProxy(name);
  await proxy.sees(machines.length);
  const bodies = DIGITS.map((digit) => pngBody(Number(digit)));
  const clients = new Clients({ port: PROXY_PORT, kept: count, short: count, everyMs, bodies });
  const phases: Phase[] = [];
  const phase = async (title: string, act: () => Promise<void>): Promise<void> => {
    const before = await proxy.repeats();
    await act();
    // What the last act caused ends in its own phase.
    await delay(300);
    phases.push({ name: title, counts: clients.take(), repeats: (await proxy.repeats()) - before });
    says(describePhase(phases.at(-1)));
  };
  try {
    await phase('nothing', () => delay(1000));
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await phase(`${rounds * machines.length} replacements by ${signal}`, async () => {
        for (const machine of Array.from({ length: rounds }, () => machines).flat()) {
          if (signal === 'SIGKILL') await machine.kill();
          else if ((await machine.stop()) !== 0) throw new Error(`${machine.name} did not end with 0.`);
          await machine.start();
          await proxy.sees(machines.length);
        }
      });
    }
    if (store) {
      await phase('the model swapped on all', async () => {
        await store.use(2);
        await untilServed(store, 2, machines.length);
      });
      await phase('one made slow', async () => machines[0]?.slowDown(0.2, SLOW_MS));
      await clients.stop();
      phases.push(await overload(() => proxy.repeats()));
      says(describePhase(phases.at(-1)));
    }
  } finally {
    await clients.stop();
    const complaints = proxy.stop();
    if (phases.some(({ counts }) => counts.failed + counts.lost > 0)) says(complaints);
    for (const machine of machines) await machine.kill().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
  return phases;
}

async function makeStore(folder: string): Promise<ModelStore> {
  const store = new ModelStore(join(folder, 'store'));
  for (const path of writeMarkedCopies(shippedModelPath(), join(folder, 'copies'), 2)) await store.add(path);
  await store.use(1);
  return store;
}

/** Many requests of 64 images each, several times what the services can do. */
async function overload(repeats: () => Promise<number>): Promise<Phase> {
  const before = await repeats();
  const flood = new Clients({ port: PROXY_PORT, kept: 96, short: 0, everyMs: 0, bodies: [largeBody(64)] });
  await delay(OVERLOAD_MS);
  const counts = await flood.stop();
  return { name: 'overload', counts, repeats: (await repeats()) - before };
}

async function untilServed(store: ModelStore, version: number, services: number): Promise<void> {
  for (;;) {
    const statuses = await readStatuses(store.dir);
    if (statuses.filter((status) => status.serving === version).length >= services) return;
    await delay(50);
  }
}

function picture(digit: number): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../examples/digits/${digit}.png`, import.meta.url)));
}

function pngBody(digit: number): RequestBody {
  return { type: 'image/png', bytes: picture(digit), classes: [digit] };
}

function largeBody(count: number): RequestBody {
  const digits = Array.from({ length: count }, (_, i) => i % DIGITS.length);
  const files = digits.map((digit) => picture(digit).toString('base64'));
  return {
    type: 'application/json',
    bytes: Buffer.from(JSON.stringify({ requests: files.map((image) => ({ image })) })),
    classes: digits,
  };
}

/** One line. */
export function describePhase(phase: Phase | undefined): string {
  if (!phase) return '';
  const { name, counts, repeats } = phase;
  const { requests, right, wrong, refused, failed, lost, reasons } = counts;
  const ms = [0.5, 0.99, 1].map((share) => latencyOf(counts, share).toFixed(0));
  return (
    `${name}: ${requests} requests, ${right} right, ${wrong} wrong, ${refused} refused, ${failed} failed, ` +
    `${lost} lost, ${Number.isNaN(repeats) ? '' : `${repeats} sent twice, `}` +
    `p50 ${ms[0]} ms, p99 ${ms[1]} ms, longest ${ms[2]} ms` +
    (reasons.length > 0 ? ` (${reasons.join('; ')})` : '')
  );
}

/** Longest p99 of a phase without overload: half of all processor time goes into starting services. */
const MOST_P99_MS = 2000;

/** @returns what is not as it should be */
export function judge(phases: readonly Phase[]): string[] {
  return phases.flatMap((phase) => {
    const { name, counts, repeats } = phase;
    const found: string[] = [];
    const { requests, right, lost, wrong, refused, failed } = counts;
    if (requests === 0) found.push('no request');
    if (lost + wrong + failed > 0) found.push(`${lost} lost, ${wrong} wrong, ${failed} failed`);
    if (name === 'overload') {
      if (refused === 0) found.push('nothing was refused: that was no overload');
      if (repeats > 0.1 * requests) found.push(`${repeats} of ${requests} requests were sent twice`);
    } else {
      if (right !== requests) found.push(`${requests - right} of ${requests} not answered`);
      const p99 = latencyOf(counts, 0.99);
      if (!(p99 <= MOST_P99_MS)) found.push(`p99 ${p99.toFixed(0)} ms, expected at most ${MOST_P99_MS}`);
    }
    return found.map((reason) => `${name}: ${reason}`);
  });
}
