import type { RepositoryIndexResponse } from '../../api/oip.js';
import { InkdigitError } from '../../errors.js';
import { quoted } from './codec/tensor.js';
import { MODEL_SPECS, type ModelKind, type ModelSpec } from './models/model-spec.js';

/** The versions of the models, and how others are taken into service. */
export interface ModelRepository {
  /** The version that answers now. */
  readonly version: string;
  /**
   * Takes the newest version of a model into service, or the one that the parameters name.
   * @throws InkdigitError `unsupported` where the models cannot be changed
   */
  load(model: ModelKind): Promise<void>;
  /** As `load`, the other way. */
  unload(model: ModelKind): Promise<void>;
}

/** The models that the service was started with, for as long as it runs. */
export const FIXED_MODELS: ModelRepository = {
  version: '1',
  load: async (model) => Promise.reject(cannotChange('load', model)),
  unload: async (model) => Promise.reject(cannotChange('unload', model)),
};

function cannotChange(what: string, model: ModelKind): InkdigitError {
  return new InkdigitError(
    'unsupported',
    `The service cannot ${what} "${model}": it serves the models that it was started with.`,
  );
}

/** A model that was asked for. */
export interface NamedModel {
  readonly spec: ModelSpec;
  /** As it was asked for. */
  readonly name: string;
  readonly version: string;
}

/** The models by the names that they go by. */
export class ModelNames {
  readonly #kinds: ReadonlyMap<string, ModelKind>;
  readonly #repository: ModelRepository;

  /** @param alias another name of `digits` */
  constructor(repository: ModelRepository, alias?: string) {
    this.#repository = repository;
    const own = Object.values(MODEL_SPECS).map(({ kind }) => [kind, kind] as const);
    this.#kinds = new Map([...(alias === undefined ? [] : [[alias, 'digits'] as const]), ...own]);
  }

  get all(): readonly string[] {
    return [...this.#kinds.keys()];
  }

  /** Whether `find` finds one. */
  has(name: string, version = ''): boolean {
    return this.#kinds.has(name) && (version === '' || version === this.#repository.version);
  }

  /**
   * @param version left out or empty where any will do
   * @throws InkdigitError `model_not_found`
   */
  find(name: string, version = ''): NamedModel {
    const kind = this.#kinds.get(name);
    const serving = this.#repository.version;
    if (kind === undefined) {
      const known = this.all.map((one) => `"${one}"`).join(', ');
      throw new InkdigitError('model_not_found', `There is no model ${quoted(name)}; there are ${known}.`);
    }
    if (version !== '' && version !== serving) {
      throw new InkdigitError(
        'model_not_found',
        `The model "${kind}" has no version ${quoted(version)}; version ${serving} answers.`,
      );
    }
    return { spec: MODEL_SPECS[kind], name, version: serving };
  }

  /** @param isReady whether the service takes requests */
  index(isReady: boolean): RepositoryIndexResponse {
    return this.all.map((name) => ({
      name,
      version: this.#repository.version,
      state: isReady ? 'READY' : 'UNAVAILABLE',
      reason: isReady ? '' : 'the service is starting or shutting down',
    }));
  }
}
