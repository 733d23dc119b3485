import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAverage } from '../../../src/cli/train/average-session.js';
import { createFinder } from '../../../src/model/pictures/finder.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { writeUntrainedModel } from '../../helpers/models/untrained-model.js';
import { testIo } from '../test-io.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-average-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('runAverage of networks that read scenes', () => {
  it('asks for the data sets that the first card names', async () => {
    const files = ['a', 'b'].map((name) =>
      writeUntrainedModel(folder, { name, network: 'finder', datasets: ['unipen'] }),
    );
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
      const files = ['c', 'd'].map((name) =>
        writeUntrainedModel(folder, { name, network: 'finder', datasets: ['mnist'] }),
      );
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
