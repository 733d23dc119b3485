import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeCard } from './fake-classifier.js';

/** Writes a file that is no model, with a card that describes it: a store does not look into networks. */
export function writeFakeModel(folder: string, name: string, content = name): string {
  mkdirSync(folder, { recursive: true });
  const bytes = Buffer.from(content);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(folder, `${name}.onnx`), bytes);
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify({ ...fakeCard({ bytes: bytes.length, sha256 }), name }),
  );
  return join(folder, `${name}.onnx`);
}
