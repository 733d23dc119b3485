import type { IncomingHttpHeaders } from 'node:http';
import type { Limits } from '../limits.js';
import type { Readiness } from '../readiness.js';
import type { Inference } from './inference.js';
import type { ModelNames, ModelRepository } from './model-repository.js';
import type { InferenceStatistics } from './statistics.js';

/** What the routes of the protocol share with each other and with gRPC. */
export interface ProtocolDeps {
  readonly inference: Inference;
  readonly names: ModelNames;
  readonly repository: ModelRepository;
  readonly statistics: InferenceStatistics;
  readonly readiness: Readiness;
  readonly limits: Limits;
  /**
   * Asks who may change the models.
   * @throws InkdigitError `unauthorized`
   */
  readonly authorizeChange?: ((request: { readonly headers: IncomingHttpHeaders }) => void) | undefined;
  /** Of this package. */
  readonly version: string;
}

/** Parameters of paths. */
export interface ModelParams {
  readonly model: string;
  readonly version?: string;
}
