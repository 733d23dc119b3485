import { InkdigitError } from '../errors.js';
import type { ModelControl } from './models/model-control.js';
import type { ModelRepository } from './oip/model-repository.js';

/**
 * The versions of a store as the Open Inference Protocol has them: what serves is their version, loading tries the
 * current version (again) and serves it.
 */
export function repositoryOf(control: ModelControl): ModelRepository {
  return {
    get version() {
      return String(control.now().serving.version);
    },
    async load() {
      const outcome = await control.choose();
      if (outcome.ok) return;
      throw new InkdigitError('invalid_request', outcome.reason ?? 'The current version does not serve.');
    },
    unload: async (model) => {
      throw new InkdigitError(
        'unsupported',
        `The service cannot unload "${model}": something has to serve. Make another version current instead.`,
      );
    },
  };
}
