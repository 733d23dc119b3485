import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runQuantize } from '../../src/cli/quantize-session.js';
import { sha256Of } from '../../src/sha256.js';
import { encodeNamedWeights } from '../helpers/named-weights.js';
import { testIo } from './test-io.js';

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
      /^--first: .*reader, which is shown views; expected one that reads frames/,
    ],
    [
      'reader',
      {},
      /^quantize: .*reader, which is shown views\. They are made of data sets: .* --datasets-dir DIR/,
    ],
    ['finder', {}, /^quantize: .*finder, which is shown overviews\. They are made of data sets/],
    [
      'compact',
      { datasetsDir: '.' },
      /^--datasets-dir: .*compact, which is shown frames of MNIST alone\. Leave it out/,
    ],
  ])('refuses what does not go with the network: %s, %j', async (network, options, message) => {
    const model = new TextEncoder().encode(network);
    const path = join(folder, `${network}.onnx`);
    writeFileSync(path, model);
    writeFileSync(join(folder, `${network}.weights`), encodeNamedWeights(network, sha256Of(model)));
    const out = join(folder, 'new.onnx');
    await expect(runQuantize(path, out, { calibrationImages: 10, ...options }, testIo())).rejects.toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(message) }),
    );
    expect(readdirSync(folder)).not.toContain('new.onnx');
  });
});
