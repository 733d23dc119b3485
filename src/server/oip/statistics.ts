import type { ModelStatistics } from '../../api/oip.js';
import type { ModelKind } from './models/model-spec.js';

interface Counts {
  lastMs: number;
  images: number;
  succeeded: number;
  succeededNs: number;
  failed: number;
  failedNs: number;
}

/** Counts inferences by the protocol, in this process. */
export class InferenceStatistics {
  readonly #counts: Readonly<Record<ModelKind, Counts>> = { digits: none(), frames: none(), numbers: none() };

  /** @param ms from when a request had arrived until it was answered */
  succeeded(model: ModelKind, images: number, ms: number, nowMs: number): void {
    const counts = this.#counts[model];
    counts.lastMs = nowMs;
    counts.images += images;
    counts.succeeded += 1;
    counts.succeededNs += Math.round(ms * 1e6);
  }

  /** @param ms from when a request had arrived until it was refused, whatever was wrong */
  failed(model: ModelKind, ms: number): void {
    const counts = this.#counts[model];
    counts.failed += 1;
    counts.failedNs += Math.round(ms * 1e6);
  }

  /** @param name as the model was asked for */
  of(model: ModelKind, name: string, version: string): ModelStatistics {
    const { lastMs, images, succeeded, succeededNs, failed, failedNs } = this.#counts[model];
    return {
      name,
      version,
      last_inference: lastMs,
      inference_count: images,
      execution_count: succeeded,
      inference_stats: {
        success: { count: succeeded, ns: succeededNs },
        fail: { count: failed, ns: failedNs },
      },
    };
  }
}

function none(): Counts {
  return { lastMs: 0, images: 0, succeeded: 0, succeededNs: 0, failed: 0, failedNs: 0 };
}
