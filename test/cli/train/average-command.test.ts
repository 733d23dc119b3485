import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../src/model/classifier.js';
import { floatModelPath } from '../../../src/model/model-paths.js';
import { drawnSet } from '../../helpers/data/drawn-set.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { refusalOf } from '../../helpers/programs/refusal.js';
import { runCli } from '../../helpers/programs/run-cli.js';

const digits = fileURLToPath(new URL('../../../teachers/digits.onnx', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-average-'));
  for (const name of ['first', 'second']) {
    for (const kind of ['onnx', 'json', 'weights']) {
      copyFileSync(digits.replace(/onnx$/, kind), join(folder, `${name}.${kind}`));
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('inkdigit average', () => {
  it.skipIf(!mnistDir)('makes the mean of two models, whose card says of which', async () => {
    const out = join(folder, 'mean', 'x.onnx');
    const args = ['average', join(folder, 'first.onnx'), join(folder, 'second.onnx'), '--out', out];
    const { code, stdout, stderr } = await runCli(args);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^On 5,000 validation images: 99\.68 % correctly classified, log loss 0\.0077\d nats/,
    );
    expect(readdirSync(join(folder, 'mean')).toSorted()).toEqual(['x.json', 'x.onnx', 'x.weights']);
    const before = await openModel(digits);
    const after = await openModel(out);
    const { sha256 } = before.card.file;
    expect(after.card).toMatchObject({
      name: 'x',
      recipe: before.card.recipe,
      test: null,
      average: {
        of: [
          { file: 'first.onnx', sha256 },
          { file: 'second.onnx', sha256 },
        ],
      },
    });
    for (const measured of ['robustness', 'seeds', 'candidates']) {
      expect(after.card).not.toHaveProperty(measured);
    }
    // The mean of a model and itself answers as it does, but for a temperature near 1.
    const { frames } = drawnSet(20, 3);
    const expected = await before.classifier.probabilities(frames);
    const found = await after.classifier.probabilities(frames);
    expected.forEach((probability, i) => expect(found[i]).toBeCloseTo(probability, 2));
    await Promise.all([before.classifier.close(), after.classifier.close()]);

    const model = readFileSync(out);
    expect(await refusalOf(args)).toMatch(/x\.onnx exists already\. Choose another --out, or --force/);
    expect(readFileSync(out).equals(model)).toBe(true);
  });

  it.each([
    [
      ['x.weights', 'y.onnx', '--out', 'z.onnx'],
      /average takes a model, a file ending in \.onnx; got x\.weights/,
    ],
    [['x.onnx', 'y.onnx', '--out', 'y.onnx'], /--out names the model that is read, y\.onnx/],
    [[digits, floatModelPath(), '--out', 'z.onnx'], /mnist\.onnx is of another network than .*digits\.onnx/],
  ])('refuses %j', async (args, message) => {
    expect(await refusalOf(['average', ...args])).toMatch(message);
  });
});
