import { existsSync } from 'node:fs';
import { readModelCard } from '../model/read-model-files.js';
import { pictureModelPaths } from '../model/model-paths.js';
import { sha256Of } from '../sha256.js';
import type { BatchIdentity } from './plan/batch-identity.js';

/**
 * Which model this is: its name, and a digest over what its card and those of the networks beside it say of their
 * files.
 * @throws InkdigitError `missing_file` or `invalid_model`
 */
export async function identifyModel(modelPath: string): Promise<BatchIdentity['model']> {
  const card = await readModelCard(modelPath);
  const digests = [card.file.sha256];
  for (const path of Object.values(pictureModelPaths(modelPath))) {
    digests.push(existsSync(path) ? (await readModelCard(path)).file.sha256 : '');
  }
  return { name: card.name, sha256: sha256Of(Buffer.from(digests.join('\n'))) };
}
