import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runQuantize } from '../../../src/cli/quantize/quantize-session.js';
import { sha256Of } from '../../../src/sha256.js';
import { fakeCard } from '../../helpers/models/fake-classifier.js';
import { encodeNamedWeights } from '../../helpers/models/named-weights.js';
import { testIo } from '../test-io.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-quantize-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('runQuantize', () => {
  it.each([
    [
      'reader',
      { first: 'small.onnx', datasetsDir: '.' },
      /^--first: .*reader, which reads views; expected one that reads frames/,
    ],
    [
      'compact',
      { datasetsDir: '.' },
      /^--datasets-dir: .*compact, which reads frames and is measured on MNIST alone\. Leave it out/,
    ],
  ])('refuses what does not go with the network: %s, %j', async (network, options, message) => {
    const path = writeModel(network);
    const out = join(folder, 'new.onnx');
    await expect(runQuantize(path, out, { calibrationImages: 10, ...options }, testIo())).rejects.toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(message) }),
    );
    expect(readdirSync(folder)).not.toContain('new.onnx');
  });

  it('makes pictures of the data sets that the card names, of the folder that is named', async () => {
    const path = writeModel('finder', ['unipen']);
    const options = { calibrationImages: 10, datasetsDir: folder };
    await expect(runQuantize(path, join(folder, 'new.onnx'), options, testIo())).rejects.toThrow(
      expect.objectContaining({
        code: 'missing_file',
        message: expect.stringContaining(`${folder} has neither unipen`),
      }),
    );
  });
});

/** Writes what `inkdigit train` leaves of a network that learned nothing. */
function writeModel(network: string, datasets: readonly string[] = []): string {
  const model = new TextEncoder().encode(network);
  const sha256 = sha256Of(model);
  const about = datasets.map((name) => ({ name, title: name, page: '', licence: '' }));
  const path = join(folder, `${network}.onnx`);
  writeFileSync(path, model);
  writeFileSync(join(folder, `${network}.weights`), encodeNamedWeights(network, sha256));
  writeFileSync(
    join(folder, `${network}.json`),
    JSON.stringify({ ...fakeCard({ bytes: model.length, sha256 }), datasets: about }),
  );
  return path;
}
