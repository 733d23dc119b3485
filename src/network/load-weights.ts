import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InkdigitError } from '../errors.js';
import { faultAndAdvice } from '../files/file-fault.js';
import { sha256Of } from '../sha256.js';
import { networkByName } from './networks.js';
import { decodeWeights, type ModelWeights } from './weights-file.js';

/** Where the weights of a model lie: `mnist.onnx` -> `mnist.weights` */
export function weightsPath(model: string): string {
  return `${model.slice(0, -'.onnx'.length)}.weights`;
}

/**
 * Reads the weights that a model was exported from.
 * @param from `x.onnx`, beside which lies `x.weights`, or `x.weights` itself
 * @param asked what a message begins with: the option that named the file
 * @throws InkdigitError `missing_file`; `invalid_data` when the file is damaged or belongs to another `x.onnx`
 */
export async function loadWeights(from: string, asked = '--from'): Promise<ModelWeights> {
  const model = from.endsWith('.onnx') ? from : null;
  const path = model === null ? from : weightsPath(model);
  const sha256 = model === null ? null : sha256Of(await readGiven(asked, model));
  const weights = decodeWeights(
    await readGiven(
      asked,
      path,
      model === null ? '' : `A training writes it beside ${basename(model)}; ${WHY_WEIGHTS}`,
    ),
    path,
  );
  if (sha256 === null || weights.model === sha256) return weights;
  throw new InkdigitError(
    'invalid_data',
    `${path} belongs to another model than ${model}: expected the SHA-256 ${weights.model}, got ${sha256}. ` +
      `To begin from these weights all the same, name the file itself: ${path}.`,
  );
}

/**
 * The same, for what is done with networks that read frames alone.
 * @throws InkdigitError `invalid_option` for a network that is shown something else
 */
export async function loadFrameWeights(from: string, asked: string): Promise<ModelWeights> {
  const weights = await loadWeights(from, asked);
  const { shown = 'frame' } = networkByName(weights.network);
  if (shown === 'frame') return weights;
  throw new InkdigitError(
    'invalid_option',
    `${asked}: ${from} is of the network ${weights.network}, which is shown ${shown}s; expected one that reads frames.`,
  );
}

const WHY_WEIGHTS = 'the model alone has its batch norms folded away and its numbers rounded.';

async function readGiven(asked: string, path: string, advice = ''): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    const message = `${asked}: cannot read ${path}: ${faultAndAdvice(cause)} ${advice}`.trimEnd();
    throw new InkdigitError('missing_file', message, { cause });
  });
}
