import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../../../src/cli/main.js';
import { openModel } from '../../../src/model/classifier.js';
import { readModelCard } from '../../../src/model/read-model-files.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { runCli } from '../../helpers/programs/run-cli.js';
import { refusalOf } from '../../helpers/programs/refusal.js';

let folder: string;
let from: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-ood-'));
  from = fileURLToPath(new URL('../../../teachers/digits.onnx', import.meta.url));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!mnistDir)('inkdigit add-ood-head on real MNIST', () => {
  const short = ['--epochs', '1', '--train-images', '1280'];

  it('makes a model that reads the validation images as the one before, and overwrites nothing', async () => {
    const out = join(folder, 'first', 'x.onnx');
    const { code, stdout, stderr } = await runCli([
      'add-ood-head',
      from,
      '--out',
      out,
      ...short,
      '--outlier-share',
      '0.5',
    ]);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/Adding an OOD head to compact, on 1,280 images, 50[.\d]* % of them non-digits/);
    expect(stderr).toMatch(/epoch 1\/1 .* outliers accepted [\d.]+ % /);
    expect(readdirSync(join(folder, 'first')).toSorted()).toEqual(['x.json', 'x.onnx', 'x.weights']);

    const base = await readModelCard(from);
    const { classifier, card } = await openModel(out);
    expect(card).toMatchObject({
      name: 'x',
      network: { name: 'compact-guarded' },
      recipe: base.recipe,
      validation: { accuracy: base.validation.accuracy, correct: base.validation.correct, count: 5000 },
      test: null,
      guard: {
        from: 'digits.onnx',
        sha256: base.file.sha256,
        recipe: { epochs: 1, outlierShare: 0.5, trainImages: 1280 },
      },
    });
    for (const measured of ['robustness', 'seeds', 'candidates']) expect(card).not.toHaveProperty(measured);
    expect(classifier.outputs).toBe(11);
    expect(classifier.digitThreshold).toBe(card.digitThreshold);
    await classifier.close();

    const model = readFileSync(out);
    expect(await refusalOf(['add-ood-head', from, '--out', out, ...short])).toMatch(
      /x\.onnx exists already\. Choose another --out, or --force/,
    );
    expect(readFileSync(out).equals(model)).toBe(true);

    // What it wrote goes on as any model does: quantized to int8, but without a second OOD head.
    const small = await runCli(['quantize', out, '--calibration-images', '200']);
    expect(small.code, small.stderr).toBe(0);
    expect(await refusalOf(['add-ood-head', out])).toMatch(
      /has an OOD head already: expected a model of 10 outputs, got 11/,
    );
    expect(readdirSync(join(folder, 'first')).toSorted()).toEqual([
      'x.int8.json',
      'x.int8.onnx',
      'x.json',
      'x.onnx',
      'x.weights',
    ]);
  });
});

describe('inkdigit add-ood-head', () => {
  it.each(['add-ood-head', 'guard'])(
    'is the one command that is loaded for %s, and named in its help',
    async (name) => {
      const { commands } = await buildProgram(name);
      expect(commands.map((command) => command.name())).toEqual(['add-ood-head']);
      expect(commands[0]?.helpInformation()).toContain('inkdigit add-ood-head|guard [options] <model>');
    },
  );

  it('is loaded once where all commands are', async () => {
    const names = (await buildProgram()).commands.map((command) => command.name());
    expect(names.filter((name) => name === 'add-ood-head' || name === 'guard')).toEqual(['add-ood-head']);
  });

  it('says what it lacks where a model has no weights beside it', async () => {
    const other = mkdtempSync(join(folder, 'alone-'));
    copyFileSync(from, join(other, 'alone.onnx'));
    const { code, stderr } = await runCli(['add-ood-head', join(other, 'alone.onnx')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /add-ood-head: cannot read .*alone\.weights: there is no such file\. A training writes it/,
    );
    expect(readdirSync(other)).toEqual(['alone.onnx']);
  });

  it.each([
    [['add-ood-head', 'x.weights'], /add-ood-head takes a model, a file ending in \.onnx; got x\.weights/],
    [['add-ood-head', 'x.onnx', '--out', './x.onnx'], /--out names the model that is read, x\.onnx/],
    [['add-ood-head', 'x.onnx', '--outlier-share', '0'], /Expected a number from 0\.05 to 0\.95/],
    // The name that it had before.
    [['guard', 'x.weights'], /add-ood-head takes a model, a file ending in \.onnx; got x\.weights/],
  ])('refuses %j', async (args, message) => {
    expect(await refusalOf(args)).toMatch(message);
  });
});
