import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runQuantize } from '../../../src/cli/quantize/quantize-session.js';
import { writeUntrainedModel } from '../../helpers/models/untrained-model.js';
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
    const path = writeUntrainedModel(folder, { name: network, network });
    const out = join(folder, 'new.onnx');
    await expect(runQuantize(path, out, { calibrationImages: 10, ...options }, testIo())).rejects.toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(message) }),
    );
    expect(readdirSync(folder)).not.toContain('new.onnx');
  });

  it('makes pictures of the data sets that the card names, of the folder that is named', async () => {
    const path = writeUntrainedModel(folder, { name: 'finder', network: 'finder', datasets: ['unipen'] });
    const options = { calibrationImages: 10, datasetsDir: folder };
    await expect(runQuantize(path, join(folder, 'new.onnx'), options, testIo())).rejects.toThrow(
      expect.objectContaining({
        code: 'missing_file',
        message: expect.stringContaining(`${folder} has neither unipen`),
      }),
    );
  });
});
