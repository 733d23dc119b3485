import { InkdigitError, messageOf } from '../errors.js';
import { MODEL_NAMES, type ModelRole } from './model-names.js';

/** The bytes of the models. What is left out cannot be read. */
export type ModelBytes = Readonly<Partial<Record<ModelRole, Uint8Array | ArrayBuffer>>>;

/** Where the models are from. */
export interface ModelSource {
  /** Under this address, which ends with a slash, they lie by their names; or their bytes. */
  readonly models: string | URL | ModelBytes;
  readonly fetch: (address: string, init: { signal?: AbortSignal }) => Promise<Response>;
}

/** A model that was loaded, and what messages call it. */
export interface LoadedModel {
  readonly bytes: Uint8Array;
  readonly source: string;
}

/**
 * Loads a model.
 * @throws InkdigitError `missing_file`
 */
export async function loadModel({ models, fetch }: ModelSource, role: ModelRole): Promise<LoadedModel> {
  if (typeof models !== 'string' && !(models instanceof URL)) {
    const given = models[role];
    if (given) return { bytes: new Uint8Array(given), source: `the model ${role}` };
    throw new InkdigitError(
      'missing_file',
      `Expected the bytes of ${MODEL_NAMES[role]} as models.${role}, got none. They are needed for this image.`,
    );
  }
  const address = new URL(MODEL_NAMES[role], models).href;
  try {
    const response = await fetch(address, {});
    if (!response.ok) throw new Error(`the answer is ${response.status}`);
    return { bytes: new Uint8Array(await response.arrayBuffer()), source: address };
  } catch (cause) {
    const message =
      `Cannot load ${address}: ${messageOf(cause)}. Expected the models of inkdigit there; say where they lie: ` +
      'openDigitReader({ models: ADDRESS }).';
    throw new InkdigitError('missing_file', message, { cause });
  }
}
