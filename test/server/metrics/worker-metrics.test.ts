import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ImageContent } from '../../../src/image/picture.js';
import { readImageSyncIfSmall } from '../../../src/image/read-image.js';
import { ANSWERED_CODES } from '../../../src/server/http/error-table.js';
import { expositionOf } from '../../../src/server/metrics/exposition.js';
import { Totals } from '../../../src/server/metrics/totals.js';
import { WorkerMetrics, type QueueState } from '../../../src/server/metrics/worker-metrics.js';
import { deferred } from '../../helpers/runner/deferred.js';
import { fakeClassifier } from '../../helpers/models/fake-classifier.js';
import { parseExposition, valueOf, type ParsedFamily } from '../../helpers/surroundings/parse-exposition.js';
import { base64OfDigit, buildTestApp, pngOfDigit } from '../../helpers/programs/test-app.js';

const HTTP = 'http_server_request_duration_seconds_count';
const PNG = { 'content-type': 'image/png' };

/** A clock that goes on by a millisecond whenever it is asked. */
function tickingMetrics(): WorkerMetrics {
  let nowMs = 0;
  return new WorkerMetrics({
    codes: ANSWERED_CODES,
    models: [{ name: 'digits', version: '1', sha256: 'a' }],
    use: { cpuUsage: () => ({ user: 1_500_000, system: 500_000 }), residentBytes: () => 42 },
    now: () => ++nowMs,
  });
}

function familiesOf(metrics: WorkerMetrics): Map<string, ParsedFamily> {
  const totals = new Totals();
  totals.add(metrics.takeReport().deltas);
  return parseExposition(expositionOf(totals.samples(), 'prometheus'));
}

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

/** Posts images of these digits to the app, in one request. */
async function classify(digits: readonly number[]): Promise<number | undefined> {
  const images = await Promise.all(digits.map(base64OfDigit));
  const payload = { requests: images.map((image) => ({ image })) };
  return (await app?.inject({ method: 'POST', url: '/mnist/classify', payload }))?.statusCode;
}

describe('what a worker counts', () => {
  it('is every request, by method, route template and status, and every error by its code', async () => {
    const metrics = tickingMetrics();
    app = await buildTestApp({ metrics });
    expect(await classify([7])).toBe(200);
    await app.inject({ method: 'POST', url: '/mnist/classify?x', headers: PNG, payload: 'no image' });
    await app.inject({ method: 'GET', url: '/livez?whatever=1' });
    await app.inject({ method: 'GET', url: '/no/such/path' });
    // A method that the types of inject do not list.
    const propfind = 'PROPFIND' as string as 'GET';
    await app.inject({ method: propfind, url: '/livez' });
    await app.inject({ method: 'GET', url: '/%' });
    const families = familiesOf(metrics);
    const count = (method: string, route: string, status: number): number =>
      valueOf(families, HTTP, {
        http_request_method: method,
        ...(route && { http_route: route }),
        http_response_status_code: String(status),
      });
    expect(count('POST', '/mnist/classify', 200)).toBe(1);
    expect(count('POST', '/mnist/classify', 400)).toBe(1);
    expect(count('GET', '/livez', 200)).toBe(1);
    expect(count('GET', '', 404)).toBe(1);
    expect(count('_OTHER', '', 405)).toBe(1);
    expect(count('GET', '', 400)).toBe(1);
    const refused = (code: string): number => valueOf(families, 'inkdigit_refusals_total', { code });
    expect(refused('not_an_image')).toBe(1);
    expect(refused('route_not_found')).toBe(1);
    expect(refused('method_not_allowed')).toBe(1);
    expect(refused('invalid_request')).toBe(1);
    expect(refused('overloaded')).toBe(0);
  });

  it('is there before it happens: all codes, at 0', async () => {
    const families = familiesOf(tickingMetrics());
    const codes = families.get('inkdigit_refusals_total')?.samples.map(({ labels }) => labels['code']);
    expect(codes).toEqual(
      expect.arrayContaining(['overloaded', 'deadline_exceeded', 'internal', 'unauthorized']),
    );
    expect(codes).not.toContain('training_failed');
    expect(families.get('inkdigit_digits_answered_total')?.samples).toHaveLength(10);
  });

  it('is what was answered: digits by their class, non-digits, doubtful ones, batches', async () => {
    const metrics = tickingMetrics();
    // Accepted, with a probability of some 0.85; then not accepted.
    app = await buildTestApp({ metrics, classifier: fakeClassifier(0.5, 0.9) });
    await classify([7, 7, 3]);
    await app.close();
    app = await buildTestApp({ metrics, classifier: fakeClassifier(0.5, 0.2) });
    await classify([5]);
    const families = familiesOf(metrics);
    const of = (name: string, labels: Record<string, string> = { model: 'digits' }): number =>
      valueOf(families, name, labels);
    expect(of('inkdigit_digits_answered_total', { class: '7' })).toBe(2);
    expect(of('inkdigit_digits_answered_total', { class: '3' })).toBe(1);
    expect(of('inkdigit_digits_answered_total', { class: '5' })).toBe(0);
    expect(of('inkdigit_images_answered_total')).toBe(4);
    expect(of('inkdigit_images_rejected_total')).toBe(1);
    expect(of('inkdigit_images_doubtful_total')).toBe(3);
    expect(of('inkdigit_inference_batch_images_sum')).toBe(4);
    expect(of('inkdigit_inference_batch_images_count')).toBe(2);
    expect(of('inkdigit_inference_batch_images_bucket', { model: 'digits', le: '2' })).toBe(1);
  });

  it('is where the time went, each part by its own clock', async () => {
    const metrics = tickingMetrics();
    app = await buildTestApp({ metrics });
    await classify([1, 2]);
    const families = familiesOf(metrics);
    const of = (name: string): number => valueOf(families, name, { model: 'digits' });
    expect(of('inkdigit_queue_duration_seconds_count')).toBe(1);
    expect(of('inkdigit_queue_duration_seconds_sum')).toBeCloseTo(0.001, 12);
    expect(of('inkdigit_decode_duration_seconds_count')).toBe(2);
    expect(of('inkdigit_decode_duration_seconds_sum')).toBeCloseTo(0.002, 12);
    expect(of('inkdigit_inference_duration_seconds_count')).toBe(1);
    expect(of('inkdigit_inference_duration_seconds_sum')).toBeCloseTo(0.001, 12);
    expect(of('inkdigit_request_duration_seconds_count')).toBe(1);
    // Admitted, two images begun and read, inference begun and done, handing out begun, over: eight times asked.
    expect(of('inkdigit_request_duration_seconds_sum')).toBeCloseTo(0.008, 12);
    expect(of('inkdigit_output_seconds_total')).toBeCloseTo(0.002, 12);
  });

  it('is what waits at the moment, and what is refused meanwhile: by the queue and by the gate', async () => {
    const metrics = tickingMetrics();
    const { promise, resolve } = deferred<ImageContent>();
    const slow = await readImageSyncIfSmall(await pngOfDigit(1), {
      maxPixels: 10_000,
      normalize: 'never',
    });
    app = await buildTestApp({ metrics, readImage: () => promise, limits: { maxQueue: 9 } });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const post = async (path: string, count: number): Promise<number> => {
      const image = await base64OfDigit(1);
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ requests: Array.from({ length: count }, () => ({ image })) }),
      });
      return response.status;
    };
    const first = post('/mnist/classify', 5);
    // Its first image is being decoded: the request itself stands in no line.
    await vi.waitFor(() =>
      expect(readQueue(metrics)).toEqual({ imagesInFlight: 5, requestsWaiting: 0, imagesWaiting: 0 }),
    );
    expect(await post('/mnist/classify', 5)).toBe(503);
    expect(await post('/mnist/classify?normalize=never', 1)).toBe(503);
    expect(await post('/mnist/read', 1)).toBe(503);
    resolve(slow);
    expect(await first).toBe(200);
    await vi.waitFor(() => expect(readQueue(metrics).imagesInFlight).toBe(0));
    const counted = totalOf();
    expect(counted('inkdigit_refusals_total', { code: 'overloaded' })).toBe(3);
    const failed = (model: string): number =>
      counted('inkdigit_model_requests_total', { model, code: 'overloaded' });
    expect([failed('digits'), failed('numbers')]).toEqual([2, 1]);
    const refused = { http_request_method: 'POST', http_response_status_code: '503' };
    expect(counted(HTTP, { ...refused, http_route: '/mnist/classify' })).toBe(2);
    expect(counted(HTTP, { ...refused, http_route: '/mnist/read' })).toBe(1);
  });

  it('is clients that left before their answer, and what was no request', async () => {
    const metrics = tickingMetrics();
    app = await buildTestApp({ metrics, readImage: () => new Promise(() => {}) });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const leaving = connect(port, '127.0.0.1');
    const png = await pngOfDigit(1);
    leaving.write(
      `POST /mnist/classify HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: ${png.length}\r\n\r\n`,
    );
    leaving.write(png);
    await vi.waitFor(() => expect(readQueue(metrics).imagesInFlight).toBe(1));
    leaving.destroy();
    await vi.waitFor(() => {
      readQueue(metrics);
      expect(totalOf()('inkdigit_refusals_total', { code: 'client_gone' })).toBe(1);
    });
    const noHttp = connect(port, '127.0.0.1');
    noHttp.end('what is this\r\n\r\n').resume();
    await once(noHttp, 'close');
    readQueue(metrics);
    const counted = totalOf();
    expect(counted('inkdigit_refusals_total', { code: 'invalid_request' })).toBe(1);
    expect(counted('inkdigit_model_requests_total', { model: 'digits', code: 'client_gone' })).toBe(1);
    expect(
      counted(HTTP, {
        http_request_method: 'POST',
        http_route: '/mnist/classify',
        http_response_status_code: '499',
      }),
    ).toBe(1);
  });

  it('is processor time since the report before', () => {
    const metrics = tickingMetrics();
    expect(metrics.takeReport()).toMatchObject({ cpuSeconds: 2, residentBytes: 42 });
    expect(metrics.takeReport()).toMatchObject({ cpuSeconds: 0 });
  });
});

/** All reports of the test that runs, added up. */
let all = new Totals();
afterEach(() => (all = new Totals()));

/** Takes a report into `all`. */
function readQueue(metrics: WorkerMetrics): QueueState {
  const { deltas, queue } = metrics.takeReport();
  all.add(deltas);
  return queue;
}

function totalOf(): (name: string, labels: Record<string, string>) => number {
  const families = parseExposition(expositionOf(all.samples(), 'prometheus'));
  return (name, labels) => valueOf(families, name, labels);
}
