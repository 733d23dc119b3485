import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseModelCard, type ModelCard } from '../../../src/model/card/card.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { runCli, startCli } from '../../helpers/programs/run-cli.js';
import { refusalOf } from '../../helpers/programs/refusal.js';
import { writeDigitFolder } from '../../helpers/data/digit-folder.js';

let folder: string;
/** 72 images to learn from, 8 that validate. */
let digits: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-train-'));
  digits = join(folder, 'digits');
  await writeDigitFolder(digits, 80);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!mnistDir)('inkdigit train on real MNIST', () => {
  it('writes a model, its card and its curves, measures the test images at the end, overwrites nothing', async () => {
    const out = join(folder, 'first', 'mnist.onnx');
    const args = ['train', '--network', 'small', '--epochs', '5', '--train-images', '1280', '--out', out];
    const run = startCli(args);
    run.signalAfter('epoch 1/5', 'SIGINT');
    const stopped = await run.ended;
    expect(stopped.code, stopped.stderr).toBe(0);
    expect(stopped.stderr).toMatch(/Stopped in .* validation [\d.]+ %\n/);
    expect(stopped.stderr).toMatch(
      /epoch 1\/5 {2}loss [\d.]+ {2}validation [\d.]+ % {2}\d+ images\/s {2}\d:\d\d {2}best/,
    );
    const cardOf = (): ModelCard =>
      parseModelCard(readFileSync(join(folder, 'first', 'mnist.json'), 'utf8'), 'the card');
    expect(cardOf().test).toBeNull();

    const { code, stdout, stderr } = await runCli(['train', '--resume', '--out', out]);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' });
    expect(readdirSync(join(folder, 'first')).toSorted()).toEqual([
      'mnist.json',
      'mnist.onnx',
      'mnist.weights',
      'training.svg',
    ]);

    const model = readFileSync(out);
    const card = cardOf();
    expect(card.file).toEqual({
      bytes: model.length,
      sha256: createHash('sha256').update(model).digest('hex'),
    });
    expect(card.network.name).toBe('small');
    expect(card.recipe).toMatchObject({ epochs: 5, batchSize: 128 });
    expect(Object.keys(card.data).length).toBe(4);
    expect(card.validation.count).toBe(5_000);
    expect(card.test?.count).toBe(10_000);
    // Five epochs over a fortieth of the images: far from good, far from chance.
    expect(card.test?.accuracy).toBeGreaterThan(0.8);
    expect(readFileSync(join(folder, 'first', 'training.svg'), 'utf8')).toMatch(/^<svg[^]*<\/svg>\n$/);

    expect(stderr).toMatch(/Done in .* Best: epoch \d, validation .* test [\d.]+ % \(\d+ of 10000\)/);

    const again = await runCli(args);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/mnist\.onnx exists already\. .*--force/);
    expect(readFileSync(out).equals(model)).toBe(true);
  });
});

describe('inkdigit train', () => {
  it('gives the same file for the same seed, whatever the number of threads', async () => {
    const train = async (name: string, ...more: string[]): Promise<Buffer> => {
      const out = join(folder, name, 'mnist.onnx');
      // Two microbatches a step, so that two threads have work.
      const few = ['--images', digits, '--network', 'small', '--epochs', '2', '--batch-size', '64'];
      const args = ['train', ...few, '--out', out, ...more];
      const { code, stderr } = await runCli(args);
      expect(code, stderr).toBe(0);
      expect(stderr).toContain(more.includes('2') ? ', 2 threads' : ', one thread');
      return readFileSync(out);
    };
    const one = await train('one', '--threads', '1');
    expect((await train('two', '--threads', '2')).equals(one)).toBe(true);
  });

  it('trains the seed network', async () => {
    const out = join(folder, 'seed', 'mnist.onnx');
    const args = ['train', '--images', digits, '--network', 'seed', '--epochs', '1', '--seed', '3'];
    const { code, stderr } = await runCli([...args, '--out', out]);
    expect(code, stderr).toBe(0);
    const card = parseModelCard(readFileSync(join(folder, 'seed', 'mnist.json'), 'utf8'), 'the card');
    expect(card.network).toMatchObject({ name: 'baseline', parameters: 857_738 });
    expect(card).toMatchObject({ seed: 3 });
  });

  it('says that there is nothing to resume', async () => {
    const said = await refusalOf(['train', '--resume', '--out', join(folder, 'none', 'mnist.onnx')]);
    expect(said).toMatch(/^inkdigit: There is nothing to resume: expected .*none\/mnist\.checkpoint/);
  });

  it.each([
    [['--epochs', '0'], /--epochs.*whole number of at least 1|from 1 to/],
    [['--batch-size', '100'], /batch size 100 .*multiple/],
    [
      ['--network', 'resnet'],
      /'resnet' is invalid.*Allowed choices are compact, deep, wide, small, baseline, .*glance, seed/,
    ],
    [['--network', 'reader', '--datasets', 'mnist,other'], /each of mnist, unipen, .*; got "other"/],
    [
      ['--datasets', 'register-1850'],
      /each of mnist, unipen, semeion, optdigits, paper-digits; got "register-1850"/,
    ],
    [['--network', 'small', '--datasets-dir', '.'], /--datasets-dir goes with --datasets: without it small/],
    [['--datasets', 'mnist,unipen', '--datasets-dir', 'no-such'], /unipen1a-train-strokes\.jsonl/],
    [
      ['--network', 'reader', '--datasets', 'unipen', '--datasets-dir', 'no-such'],
      /unipen1a-train-strokes\.jsonl/,
    ],
    [
      ['--network', 'finder', '--datasets-dir', '.', '--train-images', '9'],
      /--train-images does not go with --network finder/,
    ],
    [
      ['--scenes-per-epoch', '9'],
      /--scenes-per-epoch goes with .*--network reader; compact is trained on frames/,
    ],
    [['--out', 'model.bin'], /--out names the model's file, ending in \.onnx; got model\.bin/],
    [['--learning-rate', 'fast'], /Expected a number.*got "fast"/],
    [['--threads', '1000'], /from 1 to 256, got "1000"/],
  ])('refuses %j in words', async (args, message) => {
    expect(await refusalOf(['train', ...args], { MNIST_DATA_DIR: folder })).toMatch(message);
  });

  it('finds out before it trains that the result could not be written', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { code, stderr } = await runCli(['train', '--out', join(file, 'm.onnx')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^inkdigit: Cannot write .*a-file/);
    expect(stderr).not.toMatch(/\n\s+at /);
    const taken = join(folder, 'a-folder.onnx');
    mkdirSync(taken);
    expect(await refusalOf(['train', '--out', taken])).toBe(
      `inkdigit: Cannot write ${taken}: it is a folder. Name a file in it.\n`,
    );
  });

  it('names a damaged file of the data and what was wrong', async () => {
    const bad = mkdtempSync(join(folder, 'bad-'));
    writeFileSync(join(bad, 'train-images-idx3-ubyte'), Buffer.from('no digits here'));
    const { code, stderr } = await runCli(['train', '--out', join(bad, 'm.onnx')], { MNIST_DATA_DIR: bad });
    expect(code).toBe(1);
    expect(stderr).toMatch(/train-images-idx3-ubyte/);
    expect(stderr).toMatch(/SHA-256|expected/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
