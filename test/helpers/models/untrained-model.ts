import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Of } from '../../../src/sha256.js';
import { fakeCard } from './fake-classifier.js';
import { encodeNamedWeights } from './named-weights.js';

/** Which network, and what its card says that it learned from. */
interface UntrainedModel {
  readonly name: string;
  readonly network: string;
  readonly datasets?: readonly string[];
}

/** Writes what `inkdigit train` leaves of a network that learned nothing. @returns the path of the model */
export function writeUntrainedModel(
  folder: string,
  { name, network, datasets = [] }: UntrainedModel,
): string {
  const model = new TextEncoder().encode(name);
  const sha256 = sha256Of(model);
  const about = datasets.map((each) => ({ name: each, title: each, page: '', licence: '' }));
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, model);
  writeFileSync(join(folder, `${name}.weights`), encodeNamedWeights(network, sha256));
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify({ ...fakeCard({ bytes: model.length, sha256 }), datasets: about }),
  );
  return path;
}
