import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { multiplyAddsOf } from '../../../src/model/card/card.js';
import { openModel } from '../../../src/model/classifier.js';
import { readModelCard } from '../../../src/model/read-model-files.js';
import { floatModelPath, shippedModelPath } from '../../../src/model/model-paths.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { runsLong } from '../../helpers/runner/long.js';
import { runCli, type CliResult } from '../../helpers/programs/run-cli.js';
import { refusalOf } from '../../helpers/programs/refusal.js';

const FIRST_STAGE = fileURLToPath(new URL('../../../models/glance.onnx', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-quantize-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!mnistDir)('inkdigit quantize on real MNIST', () => {
  let first: CliResult;
  beforeAll(async () => {
    first = await runCli(['quantize', '--out', join(folder, 'x.int8.onnx'), '--calibration-images', '200']);
  });

  it('quantizes the shipped model to int8, which classifies the validation images as well', async () => {
    expect(first.code, first.stderr).toBe(0);
    const right = /floats +([\d.]+) % correctly.*\nint8 +([\d.]+) % correctly/.exec(first.stdout);
    expect(Number(right?.[2])).toBeGreaterThanOrEqual(Number(right?.[1]) - 0.06);
    const { classifier, card } = await openModel(join(folder, 'x.int8.onnx'));
    const { card: floats } = await openModel(floatModelPath());
    expect(card).toMatchObject({
      name: 'x.int8',
      network: floats.network,
      recipe: floats.recipe,
      test: null,
      validation: { count: 5000 },
      quantization: { bits: 8, from: 'mnist.onnx', sha256: floats.file.sha256, calibrationImages: 200 },
    });
    expect(card.quantization?.agreement).toBeGreaterThan(0.999);
    expect(card).not.toHaveProperty('robustness');
    expect(card).not.toHaveProperty('seeds');
    expect(card.file.bytes).toBeLessThan(0.6 * floats.file.bytes);
    await classifier.close();
  });

  it('leaves a file that is there as it is', async () => {
    const path = join(folder, 'x.int8.onnx');
    const before = readFileSync(path);
    expect(await refusalOf(['quantize', '--out', path])).toMatch(
      /x\.int8\.onnx exists already\. Choose another --out, or --force/,
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it('puts a first stage before the shipped model, which answers most images as well', async () => {
    // In the place of what is there.
    const out = join(folder, 'both.int8.onnx');
    writeFileSync(out, 'old');
    const { code, stdout, stderr } = await runCli([
      'quantize',
      '--first',
      FIRST_STAGE,
      '--out',
      out,
      '--force',
      ...(runsLong ? [] : ['--calibration-images', '200']),
    ]);
    expect(code, stderr).toBe(0);
    const written = readdirSync(folder).filter((name) => name.startsWith('both'));
    expect(written.toSorted()).toEqual(['both.int8.json', 'both.int8.onnx']);
    expect(stdout).toMatch(
      new RegExp(
        String.raw`9\d\.\d\d % of them are answered by ${basename(FIRST_STAGE)}, whose answers stand from a ` +
          String.raw`probability of 0\.9\d+: [\d,]+ multiply-adds an image on average, [\d,]+ at most\n`,
      ),
    );
    // The very file that ships, where the processor is the one that it was made on; as good a one elsewhere.
    const [made, shipped] = await Promise.all([readModelCard(out), readModelCard(shippedModelPath())]);
    expect(made.cascade?.first).toEqual(shipped.cascade?.first);
    expect(made.cascade?.confidence).toBeCloseTo(shipped.cascade?.confidence ?? NaN, 2);
    expect(made.quantization?.agreement).toBeGreaterThan(0.999);
    expect(multiplyAddsOf(made).mean).toBeLessThan(1_000_000);
  });
});

describe('inkdigit quantize', () => {
  it('made the model that is served from the floats that ship, and a first stage that ships', async () => {
    const { quantization, cascade } = await readModelCard(shippedModelPath());
    const { file } = await readModelCard(floatModelPath());
    expect(quantization?.sha256).toBe(file.sha256);
    expect(cascade?.first.sha256).toBe((await readModelCard(FIRST_STAGE)).file.sha256);
  });

  it('refuses a first stage that costs as much, or has other outputs', async () => {
    const refusal = (first: string): Promise<string> =>
      refusalOf(['quantize', '--first', first, '--out', join(folder, 'y.onnx')]);
    expect(await refusal(floatModelPath())).toMatch(
      new RegExp(
        String.raw`--first: expected a model that costs less than the second stage \(4,970,464 multiply-adds per ` +
          String.raw`image\); .*mnist\.onnx costs 4,970,464\. Train one with --network small`,
      ),
    );
    const digits = fileURLToPath(new URL('../../../teachers/digits.onnx', import.meta.url));
    expect(await refusal(digits)).toMatch(
      /--first: expected a model of 11 outputs, like the second stage; .*digits\.onnx has 10\. Train it with --outlier/,
    );
  });

  it('says what it lacks where a model has no weights beside it', async () => {
    const other = mkdtempSync(join(folder, 'alone-'));
    copyFileSync(floatModelPath(), join(other, 'alone.onnx'));
    const { code, stderr } = await runCli(['quantize', join(other, 'alone.onnx')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /quantize: cannot read .*alone\.weights: there is no such file\. A training writes it/,
    );
    expect(readdirSync(other)).toEqual(['alone.onnx']);
    rmSync(other, { recursive: true });
  });

  it.each([
    [['quantize', 'x.weights'], /quantize takes a model, a file ending in \.onnx; got x\.weights/],
    [['quantize', '--out', 'x.bin'], /--out names the model, a file ending in \.onnx; got x\.bin/],
    [['quantize', 'x.onnx', '--out', './x.onnx'], /--out names the model that is read, x\.onnx/],
    [['quantize', '--calibration-images', '0'], /Expected a whole number from 1 to 55000/],
  ])('refuses %j', async (args, message) => {
    expect(await refusalOf(args)).toMatch(message);
  });
});
