import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAverage } from '../../../src/cli/train/average-session.js';
import { createFinder } from '../../../src/model/pictures/finder.js';
import { sha256Of } from '../../../src/sha256.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { fakeCard } from '../../helpers/models/fake-classifier.js';
import { encodeNamedWeights } from '../../helpers/models/named-weights.js';
import { testIo } from '../test-io.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-average-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('runAverage of networks that read scenes', () => {
  it('asks for the data sets that the first card names', async () => {
    const files = ['a', 'b'].map((name) => writeModel(name, 'finder', ['unipen']));
    const request = { out: join(folder, 'none.onnx'), datasetsDir: folder };
    await expect(runAverage(files, request, testIo())).rejects.toThrow(
      expect.objectContaining({
        code: 'missing_file',
        message: expect.stringContaining(`${folder} has neither unipen`),
      }),
    );
    expect(readdirSync(folder)).not.toContain('none.onnx');
  });

  it.skipIf(!mnistDir)(
    'validates the mean on scenes of real MNIST, and writes a network of its kind',
    async () => {
      const files = ['c', 'd'].map((name) => writeModel(name, 'finder', ['mnist']));
      const out = join(folder, 'mean.onnx');
      const io = testIo();
      await runAverage(files, { out, datasetsDir: folder, ...(mnistDir && { dataDir: mnistDir }) }, io);
      expect(io.out()).toMatch(/^In validation scenes: \d+\.\d\d % of \d,\d{3} found, loss \d/);
      const finder = await createFinder(new Uint8Array(readFileSync(out)));
      await finder.close();
      const card = JSON.parse(readFileSync(join(folder, 'mean.json'), 'utf8'));
      expect(card.average.of.map(({ file }: { file: string }) => file)).toEqual(['c.onnx', 'd.onnx']);
      expect(card.validation.count).toBeGreaterThan(1000);
    },
  );
});

/** Writes what `inkdigit train` leaves of a network that learned nothing. */
function writeModel(name: string, network: string, datasets: readonly string[]): string {
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
