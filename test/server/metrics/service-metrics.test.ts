import { describe, expect, it } from 'vitest';
import { ServiceMetrics } from '../../../src/server/metrics/service-metrics.js';
import { WorkerMetrics, type WorkerReport } from '../../../src/server/metrics/worker-metrics.js';
import { hasPromtool, promtool } from '../../helpers/surroundings/promtool.js';
import { parseExposition, valueOf } from '../../helpers/surroundings/parse-exposition.js';

const USE = { cpuUsage: () => ({ user: 250_000, system: 0 }), residentBytes: () => 1000 };
const MODEL = { name: 'digits', version: '1', sha256: 'abc' } as const;

function newService(): ServiceMetrics {
  return new ServiceMetrics({ version: '1.2.3', workers: 2, maxQueue: 512, startSeconds: 5, use: USE });
}

function newWorker(): WorkerMetrics {
  let nowMs = 0;
  return new WorkerMetrics({ codes: ['overloaded'], models: [MODEL], use: USE, now: () => ++nowMs });
}

const REPORT: WorkerReport = {
  deltas: [],
  cpuSeconds: 0,
  residentBytes: 0,
  queue: { imagesInFlight: 0, imagesWaiting: 0, requestsWaiting: 0 },
  models: [MODEL],
};

function read(service: ServiceMetrics): (name: string, labels?: Record<string, string>) => number {
  const families = parseExposition(service.render('prometheus'));
  return (name, labels) => valueOf(families, name, labels);
}

describe('ServiceMetrics', () => {
  it('keeps what a worker counted when it ends, and forgets what it was', () => {
    const service = newService();
    const [first, second] = [newWorker(), newWorker()];
    service.workerReady(0);
    service.workerReady(1);
    first.digits.ended('ok');
    service.add(0, {
      ...first.takeReport(),
      queue: { imagesInFlight: 7, imagesWaiting: 3, requestsWaiting: 2 },
    });
    second.digits.ended('ok');
    service.add(1, {
      ...second.takeReport(),
      queue: { imagesInFlight: 5, imagesWaiting: 0, requestsWaiting: 0 },
    });
    const before = read(service);
    expect(before('inkdigit_images_in_flight')).toBe(12);
    expect(before('inkdigit_queue_images')).toBe(3);
    expect(before('inkdigit_queue_requests')).toBe(2);
    expect(before('inkdigit_images_in_flight_limit')).toBe(1024);
    expect(before('inkdigit_workers_ready')).toBe(2);
    expect(before('inkdigit_model_info', { model: 'digits', version: '1', sha256: 'abc' })).toBe(2);
    expect(before('inkdigit_process_resident_memory_bytes', { process: 'worker-2' })).toBe(1000);

    service.workerEnded(0);
    service.workerReplaced();
    service.modelChanged('refused');
    const after = read(service);
    expect(after('inkdigit_model_requests_total', { model: 'digits', code: 'ok' })).toBe(2);
    expect(after('inkdigit_images_in_flight')).toBe(5);
    expect(after('inkdigit_workers')).toBe(2);
    expect(after('inkdigit_workers_ready')).toBe(1);
    expect(after('inkdigit_worker_restarts_total')).toBe(1);
    expect(after('inkdigit_model_changes_total', { result: 'refused' })).toBe(1);
    expect(after('inkdigit_model_changes_total', { result: 'swapped' })).toBe(0);
    expect(after('inkdigit_process_resident_memory_bytes', { process: 'worker-1' })).toBe(0);
    // Of the place, not of the process: it may not fall.
    expect(after('inkdigit_process_cpu_seconds_total', { process: 'worker-1' })).toBe(0.25);
    service.add(0, { ...REPORT, cpuSeconds: 0.5 });
    expect(read(service)('inkdigit_process_cpu_seconds_total', { process: 'worker-1' })).toBe(0.75);
  });

  it('says what it is', () => {
    const of = read(newService());
    expect(of('inkdigit_build_info', { version: '1.2.3' })).toBe(1);
    expect(of('process_start_time_seconds')).toBe(5);
    expect(of('inkdigit_process_cpu_seconds_total', { process: 'primary' })).toBe(0.25);
  });

  it('tells two models apart while workers change theirs', () => {
    const service = newService();
    service.add(0, REPORT);
    service.add(1, { ...REPORT, models: [{ ...MODEL, version: '2', sha256: 'def' }] });
    const of = read(service);
    expect(of('inkdigit_model_info', { model: 'digits', version: '1', sha256: 'abc' })).toBe(1);
    expect(of('inkdigit_model_info', { model: 'digits', version: '2', sha256: 'def' })).toBe(1);
  });

  it("has the same numbers under Triton's names", async () => {
    const service = newService();
    const worker = newWorker();
    const { digits } = worker;
    const request = digits.admitted();
    void request.read(() => 0);
    await digits.infer(3, async () => 0);
    digits.answer([{ isAccepted: true, probability: 1, class: 7 }], () => request.ended('ok'));
    digits.ended('overloaded');
    digits.admitted().ended('corrupt_image');
    service.add(0, { ...worker.takeReport(), queue: { ...REPORT.queue, requestsWaiting: 4 } });
    const of = read(service);
    const labels = { model: 'digits', version: '1' };
    expect(of('nv_inference_request_success', labels)).toBe(1);
    expect(of('nv_inference_request_failure', labels)).toBe(2);
    expect(of('nv_inference_count', labels)).toBe(3);
    expect(of('nv_inference_exec_count', labels)).toBe(1);
    expect(of('nv_inference_queue_duration_us', labels)).toBeCloseTo(1000, 6);
    expect(of('nv_inference_compute_input_duration_us', labels)).toBeCloseTo(1000, 6);
    expect(of('nv_inference_compute_infer_duration_us', labels)).toBeCloseTo(1000, 6);
    expect(of('nv_inference_compute_output_duration_us', labels)).toBeCloseTo(2000, 6);
    const seconds = of('inkdigit_request_duration_seconds_sum', { model: 'digits' });
    expect(seconds).toBeGreaterThan(0.005);
    expect(of('nv_inference_request_duration_us', labels)).toBeCloseTo(seconds * 1e6, 6);
    expect(of('nv_inference_pending_request_count')).toBe(4);
  });

  it.skipIf(!hasPromtool)(
    "passes promtool's check but for Triton's names, which keep other conventions",
    () => {
      const service = newService();
      const worker = newWorker();
      worker.http.refused('POST', '/mnist/classify', 503, 'overloaded');
      worker.shadow.of(1, 2).compared(true, 0.1);
      service.add(0, worker.takeReport());
      const text = service.render('prometheus');
      const own = text.replaceAll(/^(# (HELP|TYPE) )?nv_.*\n/gm, '');
      expect(promtool(['check', 'metrics'], own)).toEqual({ status: 0, said: '' });
      const { said } = promtool(['check', 'metrics'], text);
      expect(
        said
          .trim()
          .split('\n')
          .filter((line) => !line.startsWith('nv_inference_')),
      ).toEqual([]);
    },
  );
});
