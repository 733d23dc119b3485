import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ModelCard } from '../../src/model/card/card.js';
import { cardPath, pictureModelPaths } from '../../src/model/model-paths.js';

/**
 * Writes copies of a model and of the picture networks beside it that differ in a remark alone: to a store they are
 * different versions, which cost the same.
 * @returns their paths
 */
export function writeMarkedCopies(modelPath: string, folder: string, count: number): string[] {
  const model = readFileSync(modelPath);
  const card: ModelCard = JSON.parse(readFileSync(cardPath(modelPath), 'utf8'));
  return Array.from({ length: count }, (_, i) => {
    const own = join(folder, `copy-${i}`);
    mkdirSync(own, { recursive: true });
    const bytes = Buffer.concat([model, remark(`copy ${i}`)]);
    const file = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    const path = join(own, 'copy.onnx');
    writeFileSync(path, bytes);
    writeFileSync(cardPath(path), JSON.stringify({ ...card, file }));
    for (const network of Object.values(pictureModelPaths(modelPath))) {
      if (!existsSync(network)) continue;
      for (const from of [network, cardPath(network)]) copyFileSync(from, join(own, basename(from)));
    }
    return path;
  });
}

/** An entry of `metadata_props` as protobuf, which may stand at the end of a file. */
function remark(text: string): Buffer {
  const field = (tag: number, content: Buffer): Buffer =>
    Buffer.concat([Buffer.of(tag, content.length), content]);
  const METADATA_PROPS = (14 << 3) | 2;
  return field(
    METADATA_PROPS,
    Buffer.concat([field(0x0a, Buffer.from('remark')), field(0x12, Buffer.from(text))]),
  );
}
