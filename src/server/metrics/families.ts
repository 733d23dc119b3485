/** How the values of a family add up. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** All series of one name. */
export interface MetricFamily {
  readonly name: string;
  readonly kind: MetricKind;
  /** One line, for `# HELP` and for the reference. */
  readonly help: string;
  readonly labels: readonly string[];
  /** Of a histogram: upper bounds, ascending, in the unit of the name; what is above them has a bucket of its own. */
  readonly buckets?: readonly number[];
}

/**
 * OpenTelemetry's own bounds for HTTP begin at 5 ms, where most answers of this service have long left.
 */
const REQUEST_SECONDS = [
  0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5,
] as const;

/** A frame is decoded in some 20 µs. */
const STAGE_SECONDS = [0.000025, 0.00005, 0.0001, 0.00025, ...REQUEST_SECONDS] as const;

const DELAY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] as const;

const BATCH_IMAGES = [1, 2, 4, 8, 16, 32, 64] as const;

const counter = (name: string, help: string, labels: readonly string[] = []): MetricFamily => {
  return { name, kind: 'counter', help, labels };
};

const gauge = (name: string, help: string, labels: readonly string[] = []): MetricFamily => {
  return { name, kind: 'gauge', help, labels };
};

const histogram = (
  name: string,
  help: string,
  buckets: readonly number[],
  labels: readonly string[] = [],
): MetricFamily => ({ name, kind: 'histogram', help, labels, buckets });

/**
 * Every metric of the service, in the order of the exposition. Each label has a bounded number of values: routes are
 * templates, codes and classes are closed sets, processes are places in the pool and no process ids.
 */
export const FAMILIES = {
  httpRequestDuration: histogram(
    'http_server_request_duration_seconds',
    'Time from a request to the end of its answer, by method, route template and status; 499: the client left first.',
    REQUEST_SECONDS,
    ['http_request_method', 'http_route', 'http_response_status_code'],
  ),
  refusals: counter('inkdigit_refusals_total', 'Requests answered with an error, by its code.', ['code']),

  modelRequests: counter(
    'inkdigit_model_requests_total',
    'Requests for a model that are over, by how: ok, or the code of the error.',
    ['model', 'code'],
  ),
  requestDuration: histogram(
    'inkdigit_request_duration_seconds',
    'Time from the admission of a request for a model to its result, whatever that was.',
    STAGE_SECONDS,
    ['model'],
  ),
  queueDuration: histogram(
    'inkdigit_queue_duration_seconds',
    'Time that a request waited until its first image was taken up.',
    STAGE_SECONDS,
    ['model'],
  ),
  decodeDuration: histogram(
    'inkdigit_decode_duration_seconds',
    'Time to decode and prepare one image; of a large picture with the wait for the decoder.',
    STAGE_SECONDS,
    ['model'],
  ),
  inferenceDuration: histogram(
    'inkdigit_inference_duration_seconds',
    'Time of one inference of a batch.',
    STAGE_SECONDS,
    ['model'],
  ),
  outputSeconds: counter(
    'inkdigit_output_seconds_total',
    'Time to hand the results of inferences to their requests.',
    ['model'],
  ),
  batchImages: histogram('inkdigit_inference_batch_images', 'Images in one inference.', BATCH_IMAGES, [
    'model',
  ]),

  imagesAnswered: counter('inkdigit_images_answered_total', 'Images that were answered.', ['model']),
  imagesRejected: counter(
    'inkdigit_images_rejected_total',
    'Images answered as not accepted: no digit, or no number.',
    ['model'],
  ),
  imagesDoubtful: counter(
    'inkdigit_images_doubtful_total',
    'Images answered as accepted with a probability below 0.9.',
    ['model'],
  ),
  digitsAnswered: counter('inkdigit_digits_answered_total', 'Images accepted as a digit, by the digit.', [
    'class',
  ]),
  imageFaults: counter('inkdigit_image_faults_total', 'Images that could not be read, by the code.', [
    'code',
  ]),

  shadowCompared: counter(
    'inkdigit_shadow_compared_images_total',
    'Images that a shadow (candidate) read after the version that serves, by whether both said the same: agreed or ' +
      'disagreed.',
    ['version', 'candidate', 'result'],
  ),
  shadowDifference: counter(
    'inkdigit_shadow_probability_difference_total',
    'Sum over these images of how far apart both find the digit that the serving version reads, each 0 to 1.',
    ['version', 'candidate'],
  ),
  shadowDropped: counter(
    'inkdigit_shadow_dropped_images_total',
    'Images that a shadow was to read and had no time for.',
    ['version', 'candidate'],
  ),

  imagesInFlight: gauge('inkdigit_images_in_flight', 'Images admitted and not released, of all workers.'),
  imagesInFlightLimit: gauge(
    'inkdigit_images_in_flight_limit',
    'Images that all workers may have in flight: --max-queue times --workers.',
  ),
  queueImages: gauge('inkdigit_queue_images', 'Images that wait to be taken up.'),
  queueRequests: gauge('inkdigit_queue_requests', 'Requests that wait, or whose last images do.'),

  workers: gauge('inkdigit_workers', 'Workers that there should be.'),
  workersReady: gauge('inkdigit_workers_ready', 'Workers that take requests.'),
  workerRestarts: counter('inkdigit_worker_restarts_total', 'Workers that ended and are replaced.'),
  eventLoopDelay: histogram(
    'inkdigit_event_loop_delay_seconds',
    "By how much a worker's event loop would have been late for something that was due, at moments 20 ms apart.",
    DELAY_SECONDS,
  ),
  residentMemory: gauge(
    'inkdigit_process_resident_memory_bytes',
    'Resident memory of each process: primary, worker-1 and so on.',
    ['process'],
  ),
  cpuSeconds: counter(
    'inkdigit_process_cpu_seconds_total',
    'Processor time of each place in the pool, user and system, over all processes that had it.',
    ['process'],
  ),
  startTime: gauge('process_start_time_seconds', 'When the service started, in seconds since 1970.'),
  buildInfo: gauge('inkdigit_build_info', 'Always 1; the version of the service is a label.', ['version']),
  modelInfo: gauge(
    'inkdigit_model_info',
    'Workers that serve a model of this version; sha256 is that of its file.',
    ['model', 'version', 'sha256'],
  ),

  modelChanges: counter(
    'inkdigit_model_changes_total',
    'Versions of a store that were chosen while the service ran, by what became of them: swapped or refused.',
    ['result'],
  ),

  tritonSuccess: counter('nv_inference_request_success', 'As Triton: requests with a result.', [
    'model',
    'version',
  ]),
  tritonFailure: counter('nv_inference_request_failure', 'As Triton: requests without.', [
    'model',
    'version',
  ]),
  tritonCount: counter('nv_inference_count', 'As Triton: images that were inferred.', ['model', 'version']),
  tritonExecutions: counter('nv_inference_exec_count', 'As Triton: inferences of batches.', [
    'model',
    'version',
  ]),
  tritonRequestDuration: counter(
    'nv_inference_request_duration_us',
    'As Triton: the sum of inkdigit_request_duration_seconds, in microseconds.',
    ['model', 'version'],
  ),
  tritonQueueDuration: counter(
    'nv_inference_queue_duration_us',
    'As Triton: the sum of inkdigit_queue_duration_seconds, in microseconds.',
    ['model', 'version'],
  ),
  tritonInputDuration: counter(
    'nv_inference_compute_input_duration_us',
    'As Triton: the sum of inkdigit_decode_duration_seconds, in microseconds.',
    ['model', 'version'],
  ),
  tritonInferDuration: counter(
    'nv_inference_compute_infer_duration_us',
    'As Triton, but once for each inference: the sum of inkdigit_inference_duration_seconds, in microseconds.',
    ['model', 'version'],
  ),
  tritonOutputDuration: counter(
    'nv_inference_compute_output_duration_us',
    'As Triton, but once for each inference: inkdigit_output_seconds_total, in microseconds.',
    ['model', 'version'],
  ),
  tritonPending: gauge(
    'nv_inference_pending_request_count',
    'As Triton, of all models together: inkdigit_queue_requests.',
    ['model', 'version'],
  ),
} as const satisfies Readonly<Record<string, MetricFamily>>;

export type FamilyName = keyof typeof FAMILIES;

/** A family of the table, for those who have its key as a value. */
export function familyOf(name: FamilyName): MetricFamily {
  return FAMILIES[name];
}

/** Names of families in the order of the table. */
export const FAMILY_NAMES: readonly FamilyName[] = Object.keys(FAMILIES).filter(isFamilyName);

function isFamilyName(name: string): name is FamilyName {
  return Object.hasOwn(FAMILIES, name);
}

/** Numbers that one series of a family takes: of a histogram its buckets, the one above them, and the sum. */
export function widthOf({ buckets }: MetricFamily): number {
  return buckets ? buckets.length + 2 : 1;
}
