import { InkdigitError } from '../../errors.js';
import { DEFAULT_NORMALIZE, NORMALIZE_MODES, type NormalizeMode } from '../../image/normalize-mode.js';
import { numberQuestionOf } from '../../reading/number-in-content.js';
import type { ClassifyQueue } from '../classify/classify-queue.js';
import type { AdmittedJob, ImageSource } from '../classify/jobs.js';
import { clientGone } from '../classify/pending-request.js';
import type { Limits } from '../limits.js';
import type { RequestTrace } from '../tracing/request-trace.js';
import type { InferAnswer } from './codec/encode-response.js';
import type { InferRequest, OutputTensor } from './codec/tensor.js';
import type { NamedModel } from './model-repository.js';
import { framesOf } from './models/frame-input.js';
import { imagesOf } from './models/image-input.js';
import { inputOf, outputsOf } from './models/model-spec.js';
import { outputsOfNumbers, outputsOfReadings } from './models/reading-outputs.js';
import type { InferenceStatistics } from './statistics.js';

/** What goes on beside a request: the client that waits for it, and who keeps its bytes. */
export interface InferContext {
  /** Whether no client waits any more. */
  isGone(): boolean;
  /** Has `cancel` called once no client waits any more. */
  onGone(cancel: () => void): void;
  /** Called once with the number of images, when it is known. */
  onCounted(images: number): Promise<void> | void;
  /** Keeps what the images are views of. @returns lets go */
  hold(): (() => void) | undefined;
  /** How long the client waits, where it says so. */
  readonly timeoutMs?: number | undefined;
  /** Where the times of the request are noted. */
  readonly trace?: RequestTrace | undefined;
}

export interface InferenceDeps {
  readonly queue: ClassifyQueue;
  readonly limits: Limits;
  readonly statistics: InferenceStatistics;
}

/** Inference by the protocol, whichever way requests come: through the queue of all others, and under its limits. */
export class Inference {
  readonly #deps: InferenceDeps;

  constructor(deps: InferenceDeps) {
    this.#deps = deps;
  }

  /** Whether requests are to be refused without a look at them. */
  get isFull(): boolean {
    return this.#deps.queue.isFull;
  }

  /**
   * @throws InkdigitError what `/mnist/classify` refuses too; `invalid_request` for tensors that are not the model's
   */
  async infer(model: NamedModel, request: InferRequest, context: InferContext): Promise<InferAnswer> {
    const { statistics } = this.#deps;
    const startedMs = performance.now();
    const { kind } = model.spec;
    try {
      const { images, outputs, version } = await this.#run(model, request, context);
      statistics.succeeded(kind, images, performance.now() - startedMs, Date.now());
      return {
        modelName: model.name,
        modelVersion: version?.toString() ?? model.version,
        id: request.id,
        outputs,
      };
    } catch (thrown) {
      statistics.failed(kind, performance.now() - startedMs);
      throw thrown;
    }
  }

  async #run(
    { spec }: NamedModel,
    request: InferRequest,
    context: InferContext,
  ): Promise<{ images: number; outputs: OutputTensor[]; version?: number | undefined }> {
    const { queue, limits } = this.#deps;
    const { maxPixels, maxBatch } = limits;
    const asked = outputsOf(spec, request);
    const normalize = normalizeOf(request);
    const timeoutMs = Math.min(timeoutOf(request), context.timeoutMs ?? Infinity);
    const input = inputOf(spec, request);
    const uploads = spec.kind === 'frames' ? framesOf(input, maxBatch) : imagesOf(input, maxBatch);
    const images = uploads.length;
    await context.onCounted(images);
    /** The version that answered, which may not be the one that served when the request came. */
    let version: number | undefined;
    const admit = async <R>(submit: (job: Job) => AdmittedJob<R>): Promise<readonly R[]> => {
      if (images === 0) return [];
      if (context.isGone()) throw clientGone();
      const job = submit({ uploads, onReleased: context.hold(), timeoutMs, trace: context.trace });
      context.onGone(() => job.cancel());
      const results = await job.results;
      version = job.modelVersion;
      return results;
    };
    if (spec.kind === 'numbers') {
      // A faulty question about outputs is refused before any work is done.
      outputsOfNumbers([], asked);
      const numbers = await admit((job) =>
        queue.submitNumbers({ ...job, options: { maxPixels }, question: numberQuestionOf({}) }),
      );
      return { images, outputs: outputsOfNumbers(numbers, asked), version };
    }
    outputsOfReadings([], asked);
    const readings = await admit((job) => queue.submit({ ...job, options: { maxPixels, normalize } }));
    return {
      images,
      outputs: outputsOfReadings(
        readings.map(({ reading }) => reading),
        asked,
      ),
      version,
    };
  }
}

interface Job {
  readonly uploads: readonly ImageSource[];
  readonly onReleased: (() => void) | undefined;
  readonly timeoutMs: number;
  readonly trace: RequestTrace | undefined;
}

function normalizeOf({ parameters }: InferRequest): NormalizeMode {
  const asked = parameters['normalize'];
  if (asked === undefined) return DEFAULT_NORMALIZE;
  const mode = NORMALIZE_MODES.find((one) => one === asked);
  if (mode) return mode;
  throw new InkdigitError(
    'invalid_request',
    `The parameter "normalize" may be ${NORMALIZE_MODES.map((one) => `"${one}"`).join(', ')}, got ` +
      `${JSON.stringify(asked).slice(0, 30)}.`,
  );
}

/** Triton's parameter is in microseconds, and 0 is none. */
function timeoutOf({ parameters }: InferRequest): number {
  const asked = parameters['timeout'];
  if (asked === undefined || asked === 0) return Infinity;
  if (typeof asked === 'number' && Number.isFinite(asked) && asked > 0) return Math.ceil(asked / 1000);
  throw new InkdigitError(
    'invalid_request',
    `The parameter "timeout" is a number of microseconds, got ${JSON.stringify(asked).slice(0, 30)}.`,
  );
}
