import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseExposition, valueOf, type ParsedFamily } from '../../helpers/parse-exposition.js';
import { refusalOf } from '../../helpers/refusal.js';
import { endServices, startService, type Service } from '../../helpers/service.js';
import { pngOfDigit } from '../../helpers/test-app.js';
import { writeTinyModel } from '../../helpers/tiny-model.js';

// What a service says of itself, compared with what was sent to it.

const CLASSIFY = '/mnist/classify';

let folder: string;
let model: string;
let digit: Buffer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-metrics-'));
  model = writeTinyModel(folder);
  digit = await pngOfDigit(7);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(endServices);

/** A service, and all that it was asked: one count for each method, path and status. */
class Asked {
  readonly service: Service;
  readonly counts = new Map<string, number>();
  readonly #metricsUrl: string;
  #highest = new Map<string, number>();

  private constructor(service: Service, metricsUrl: string) {
    this.service = service;
    this.#metricsUrl = metricsUrl;
  }

  static async start(...args: string[]): Promise<Asked> {
    const all = ['--port', '0', '--model', model, '--metrics-port', '0', ...args];
    const service = await startService(all).ready;
    const ready = await service.logged(({ msg }) => msg === 'ready');
    return new Asked(service, `http://127.0.0.1:${String(ready['metricsPort'])}/metrics`);
  }

  /** @param route its template, empty where there is none */
  async ask(method: string, path: string, body?: Buffer | string, route = path): Promise<number> {
    // A connection of its own, so that both workers are asked.
    const headers = { connection: 'close', ...(body && { 'content-type': 'image/png' }) };
    const response = await fetch(`${this.service.url}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: typeof body === 'string' ? body : Uint8Array.from(body) }),
    });
    await response.arrayBuffer();
    const key = JSON.stringify([method, route, response.status]);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    return response.status;
  }

  classify(body: Buffer | string): Promise<number> {
    return this.ask('POST', `${CLASSIFY}?normalize=never`, body, CLASSIFY);
  }

  answered(status: number): number {
    return this.counts.get(JSON.stringify(['POST', CLASSIFY, status])) ?? 0;
  }

  /** What `/metrics` says; fails where a counter has fallen since it was last asked. */
  async metrics(): Promise<Map<string, ParsedFamily>> {
    const families = parseExposition(await (await fetch(this.#metricsUrl)).text());
    for (const { type, samples } of families.values()) {
      if (type === 'gauge') continue;
      for (const { name, labels, value } of samples) {
        const key = JSON.stringify([name, labels]);
        expect(value, key).toBeGreaterThanOrEqual(this.#highest.get(key) ?? 0);
        this.#highest.set(key, value);
      }
    }
    return families;
  }

  /** Waits until `/metrics` has every request that was asked, and none more. */
  async settled(): Promise<Map<string, ParsedFamily>> {
    return vi.waitFor(async () => {
      const families = await this.metrics();
      const own = families.get('http_server_request_duration_seconds')?.samples ?? [];
      const counted = own
        .filter(({ name }) => name.endsWith('_count'))
        .map(({ labels, value }): [string, number] => [
          JSON.stringify([
            labels['http_request_method'],
            labels['http_route'] ?? '',
            Number(labels['http_response_status_code']),
          ]),
          value,
        ]);
      expect(new Map(counted.toSorted())).toEqual(new Map([...this.counts].toSorted()));
      return families;
    });
  }
}

describe('inkdigit serve --metrics-port', () => {
  it('counts exactly what two workers were sent, also over the death of one', async () => {
    const asked = await Asked.start('--workers', '2', '--max-queue', '1', '--max-batch', '1');
    for (let i = 0; i < 5; i++) await asked.classify(digit);
    await asked.classify('no image at all');
    await asked.ask('GET', '/no/such/path', undefined, '');
    await asked.ask('GET', '/livez');
    // Each worker takes one image at a time, and refuses the others.
    do {
      await Promise.all(Array.from({ length: 40 }, () => asked.classify(digit)));
    } while (asked.answered(503) === 0);
    const before = await asked.settled();
    expectCounts(before, asked, 0);

    const { pid } = await asked.service.logged(({ path }) => path === CLASSIFY);
    process.kill(Number(pid), 'SIGKILL');
    await asked.service.logged(({ msg }) => msg === 'worker replaced');
    for (let i = 0; i < 6; i++) await asked.classify(digit);
    const after = await asked.settled();
    expectCounts(after, asked, 1);
    await vi.waitFor(async () => expect(valueOf(await asked.metrics(), 'inkdigit_workers_ready')).toBe(2));
  });

  it('has what one worker counted to its end: the last report is not lost', async () => {
    const asked = await Asked.start('--workers', '1');
    expect(await asked.classify(digit)).toBe(200);
    const families = await asked.settled();
    const processes = families.get('inkdigit_process_resident_memory_bytes')?.samples ?? [];
    expect(processes.map(({ labels }) => labels['process'])).toEqual(['primary', 'worker-1']);
    expect(processes.every(({ value }) => value > 1e7)).toBe(true);
    asked.service.child.kill('SIGTERM');
    expect((await asked.service.ended).code).toBe(0);
  });

  it('answers on the main port too where that is asked, under its keys', async () => {
    const key = 'a-key-of-sixteen-characters';
    const args = ['--port', '0', '--model', model, '--workers', '1', '--metrics-on-main-port'];
    const { url } = await startService(args, { INKDIGIT_API_KEY: key }).ready;
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    const headers = { authorization: `Bearer ${key}` };
    await vi.waitFor(async () => {
      const families = parseExposition(await (await fetch(`${url}/metrics`, { headers })).text());
      expect(valueOf(families, 'inkdigit_refusals_total', { code: 'unauthorized' })).toBe(1);
    });
  });

  it('says so when the port is taken, or an address has no port', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const busy = await startService(['--port', '0', '--model', model, '--metrics-port', String(port)]).ended;
    taken.close();
    expect(busy.code).toBe(1);
    expect(busy.stderr).toContain(`Cannot listen on 127.0.0.1:${port}`);
    expect(busy.stderr).toContain('--metrics-port');
    const hostAlone = await refusalOf(['serve', '--metrics-host', '0.0.0.0']);
    expect(hostAlone).toContain('expected --metrics-port too');
  });

  it('do not keep a service that cannot start', async () => {
    const other = mkdtempSync(join(tmpdir(), 'inkdigit-no-model-'));
    const noModel = writeTinyModel(other);
    writeFileSync(noModel, 'no model');
    const args = ['--port', '0', '--model', noModel, '--metrics-port', '0', '--workers', '1'];
    const { code, stderr } = await startService(args).ended;
    rmSync(other, { recursive: true });
    expect(code).toBe(1);
    expect(stderr).toContain(noModel);
  });
});

/** What follows from the requests that were sent. */
function expectCounts(families: Map<string, ParsedFamily>, asked: Asked, restarts: number): void {
  const of = (name: string, labels: Record<string, string> = {}): number => valueOf(families, name, labels);
  const [ok, refused] = [asked.answered(200), asked.answered(503)];
  expect(refused).toBeGreaterThan(0);
  expect(of('inkdigit_digits_answered_total', { class: '7' })).toBe(ok);
  expect(of('inkdigit_images_answered_total', { model: 'digits' })).toBe(ok);
  expect(of('inkdigit_inference_batch_images_sum', { model: 'digits' })).toBe(ok);
  expect(of('inkdigit_refusals_total', { code: 'overloaded' })).toBe(refused);
  expect(of('inkdigit_refusals_total', { code: 'not_an_image' })).toBe(1);
  expect(of('inkdigit_refusals_total', { code: 'route_not_found' })).toBe(1);
  expect(of('inkdigit_image_faults_total', { code: 'not_an_image' })).toBe(1);
  // Admitted: the good ones and the bad one.
  expect(of('inkdigit_request_duration_seconds_count', { model: 'digits' })).toBe(ok + 1);
  expect(of('nv_inference_request_success', { model: 'digits', version: '1' })).toBe(ok);
  expect(of('nv_inference_request_failure', { model: 'digits', version: '1' })).toBe(refused + 1);
  expect(of('inkdigit_images_in_flight')).toBe(0);
  expect(of('inkdigit_worker_restarts_total')).toBe(restarts);
}
