import type { ModelStatistics } from '../../api/oip.js';
import { InkdigitError } from '../../errors.js';
import type { Readiness } from '../readiness.js';
import type { NamedModel } from './model-repository.js';
import { MODEL_SPECS } from './models/model-spec.js';
import type { ProtocolDeps } from './protocol-deps.js';

export const SERVER_NAME = 'inkdigit';

/** The extensions that are spoken, by Triton's names. */
export const EXTENSIONS: readonly string[] = [
  'classification',
  'model_configuration',
  'model_repository',
  'statistics',
  'binary_tensor_data',
];

/** @throws InkdigitError `not_ready` */
export function requireReady({ state }: Readiness): void {
  if (state === 'ready') return;
  const what = state === 'starting' ? 'the model has not answered yet' : 'the service is shutting down';
  throw new InkdigitError('not_ready', `Not ready: ${what}.`);
}

/** @param models left out: all of them, by their own names */
export function statisticsOf(
  { statistics, repository }: ProtocolDeps,
  models?: readonly NamedModel[],
): ModelStatistics[] {
  if (models) return models.map(({ spec, name, version }) => statistics.of(spec.kind, name, version));
  return Object.values(MODEL_SPECS).map(({ kind }) => statistics.of(kind, kind, repository.version));
}
