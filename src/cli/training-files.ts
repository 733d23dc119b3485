import { basename, dirname, join, resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import { InkdigitError } from '../errors.js';
import { faultAndAdvice } from '../files/file-fault.js';
import { cardPath } from '../model/model-paths.js';
import { env } from '../model/runtime/onnx-runtime.js';
import { sha256Of } from '../sha256.js';
import { describeLayers } from '../network/describe-layers.js';
import { networkByName } from '../network/networks.js';
import type { TrainingResult, Validation } from '../training/reports.js';
import { decodeWeights, encodeWeights, type ModelWeights } from '../network/weights-file.js';
import { packageManifest } from './package-manifest.js';
import { refuseToOverwrite, removeStaleTemporaries } from '../files/write-file.js';

/** Where the files of a training go. */
export interface TrainingPaths {
  readonly model: string;
  readonly card: string;
  /** What another training can begin from. */
  readonly weights: string;
  /** `training.svg` beside `mnist.onnx`, `other.svg` beside `other.onnx`. */
  readonly curves: string;
  /** What a stopped training is continued from; it is there until the training has ended. */
  readonly checkpoint: string;
  /** The one before, for when the newest is damaged. */
  readonly previousCheckpoint: string;
}

/** @throws InkdigitError `invalid_option` */
export function trainingPaths(out: string): TrainingPaths {
  if (!out.endsWith('.onnx')) {
    throw new InkdigitError('invalid_option', `--out names the model's file, ending in .onnx; got ${out}.`);
  }
  const model = resolve(out);
  const name = basename(model, '.onnx');
  const checkpoint = join(dirname(model), `${name}.checkpoint`);
  return {
    model,
    card: cardPath(model),
    weights: weightsPath(model),
    curves: join(dirname(model), name === 'mnist' ? 'training.svg' : `${name}.svg`),
    checkpoint,
    previousCheckpoint: `${checkpoint}.previous`,
  };
}

/** `mnist.onnx` -> `mnist.weights` */
function weightsPath(model: string): string {
  return `${model.slice(0, -'.onnx'.length)}.weights`;
}

/** Removes what a killed training left half written. */
export async function removeHalfWritten(paths: TrainingPaths): Promise<void> {
  await removeStaleTemporaries(Object.values(paths));
}

/** @throws InkdigitError `file_exists` where an earlier training left something behind */
export async function refuseToReplace(paths: TrainingPaths): Promise<void> {
  await refuseToOverwrite(
    [paths.checkpoint, paths.previousCheckpoint],
    'It is of a training that was stopped: --resume continues it, --force starts over.',
  );
  await refuseToOverwrite(
    [paths.model, paths.card, paths.weights, paths.curves],
    'Choose another --out, or --force to replace the earlier training.',
  );
}

/** What made a model, for its card. */
export function toolVersions(): Record<string, string> {
  return {
    inkdigit: packageManifest().version,
    'onnxruntime-node': env.versions.node ?? 'unknown',
    node: process.versions.node,
  };
}

/**
 * The bytes of the weights file beside a model.
 * @param model SHA-256 of the model's file
 */
export function weightsOf(
  { plan, weights }: Pick<TrainingResult<Validation>, 'plan' | 'weights'>,
  model: string,
): Uint8Array {
  return encodeWeights({
    network: plan.name,
    outputs: plan.outputs,
    layers: describeLayers(plan),
    model,
    weights,
  });
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
