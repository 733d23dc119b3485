import { readFile } from 'node:fs/promises';
import { InkdigitError } from '../errors.js';
import { faultAndAdvice } from '../files/file-fault.js';
import { sha256Of } from '../sha256.js';
import { parseModelCard, type ModelCard } from './card/card.js';
import { cardPath } from './model-paths.js';

/**
 * Reads a model's file and the card beside it.
 * @throws InkdigitError `missing_file`, or `invalid_model` when the file is not the one that its card describes.
 */
export async function readModelFiles(
  modelPath: string,
): Promise<{ readonly bytes: Uint8Array; readonly card: ModelCard }> {
  const bytes = await readModelFile(modelPath);
  const card = await readModelCard(modelPath);
  const sha256 = sha256Of(bytes);
  if (sha256 === card.file.sha256) return { bytes, card };
  throw new InkdigitError(
    'invalid_model',
    `${modelPath} is not the model that ${cardPath(modelPath)} describes: expected SHA-256 ` +
      `${card.file.sha256}, got ${sha256} (${bytes.length} bytes). Restore the file, or train it again with ` +
      'inkdigit train.',
  );
}

/**
 * Reads the card beside a model.
 * @throws InkdigitError `missing_file` or `invalid_model`
 */
export async function readModelCard(modelPath: string): Promise<ModelCard> {
  const path = cardPath(modelPath);
  return parseModelCard(new TextDecoder().decode(await readModelFile(path)), path);
}

/** @throws InkdigitError `missing_file` */
export async function readModelFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const message = `Cannot read the model's file ${path}: ${faultAndAdvice(cause)}`;
    throw new InkdigitError('missing_file', message, { cause });
  }
}
