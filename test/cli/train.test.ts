import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseModelCard } from '../../src/model/card.js';
import { mnistDir } from '../helpers/mnist.js';
import { runCli, startCli } from '../helpers/run-cli.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-train-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!mnistDir)('inkdigit train on real MNIST', () => {
  it('writes a model, its card and its curves, and never over them unasked', async () => {
    const out = join(folder, 'first', 'mnist.onnx');
    const args = ['train', '--epochs', '2', '--train-images', '2560', '--out', out];
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' });
    expect(readdirSync(join(folder, 'first')).toSorted()).toEqual([
      'mnist.json',
      'mnist.onnx',
      'training.svg',
    ]);

    const model = readFileSync(out);
    const card = parseModelCard(readFileSync(join(folder, 'first', 'mnist.json'), 'utf8'), 'the card');
    expect(card.file).toEqual({
      bytes: model.length,
      sha256: createHash('sha256').update(model).digest('hex'),
    });
    expect(card.network.name).toBe('compact');
    expect(card.recipe).toMatchObject({ epochs: 2, batchSize: 128 });
    expect(Object.keys(card.data).length).toBe(4);
    expect(card.validation.count).toBe(5_000);
    expect(card.test?.count).toBe(10_000);
    // Two epochs over a twentieth of the images: far from good, far from chance.
    expect(card.test?.accuracy).toBeGreaterThan(0.8);
    expect(readFileSync(join(folder, 'first', 'training.svg'), 'utf8')).toMatch(/^<svg[^]*<\/svg>\n$/);

    expect(stderr).toMatch(
      /epoch 1\/2 {2}loss [\d.]+ {2}validation [\d.]+ % {2}\d+ images\/s {2}\d:\d\d {2}best/,
    );
    expect(stderr).toMatch(/Done in .* Best: epoch 2, validation .* test [\d.]+ % \(\d+ of 10000\)/);

    const again = await runCli(args);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/mnist\.onnx exists already\. .*--force/);
    expect(readFileSync(out).equals(model)).toBe(true);
  });

  it('gives the same file for the same seed, whatever the number of threads', async () => {
    const train = async (name: string, ...more: string[]): Promise<Buffer> => {
      const out = join(folder, name, 'mnist.onnx');
      const args = ['train', '--epochs', '1', '--train-images', '512', '--no-test', '--out', out, ...more];
      const { code, stderr } = await runCli(args);
      expect(code, stderr).toBe(0);
      return readFileSync(out);
    };
    const one = await train('one', '--threads', '1');
    expect((await train('two', '--threads', '2')).equals(one)).toBe(true);
    expect((await train('other', '--seed', '2')).equals(one)).toBe(false);
  });

  it('trains the seed network', async () => {
    const out = join(folder, 'seed', 'mnist.onnx');
    const args = [
      'train',
      '--network',
      'seed',
      '--epochs',
      '1',
      '--train-images',
      '256',
      '--no-test',
      '--out',
      out,
    ];
    const { code, stderr } = await runCli(args);
    expect(code, stderr).toBe(0);
    const card = parseModelCard(readFileSync(join(folder, 'seed', 'mnist.json'), 'utf8'), 'the card');
    expect(card.network).toMatchObject({ name: 'seed', parameters: 857_738 });
    expect(card.test).toBeNull();
  });

  it('ends after the batch on Ctrl-C and keeps the best model', async () => {
    const out = join(folder, 'stopped', 'mnist.onnx');
    const run = startCli(['train', '--epochs', '500', '--train-images', '640', '--no-test', '--out', out]);
    run.signalAfter('epoch   2/500', 'SIGINT');
    const { code, stderr } = await run.ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/Stopping after this batch/);
    expect(stderr).toMatch(/Stopped in .* Best: epoch \d, validation/);
    expect(existsSync(out)).toBe(true);
  });
});

describe('inkdigit train', () => {
  it.each([
    [['--epochs', '0'], /--epochs.*whole number of at least 1|from 1 to/],
    [['--batch-size', '100'], /batch size 100 .*multiple/],
    [['--network', 'resnet'], /'resnet' is invalid.*Allowed choices are compact, seed/],
    [['--out', 'model.bin'], /--out names the model's file, ending in \.onnx; got model\.bin/],
    [['--learning-rate', 'fast'], /Expected a number.*got "fast"/],
  ])('refuses %j in words', async (args, message) => {
    const { code, stderr } = await runCli(['train', ...args], { MNIST_DATA_DIR: folder });
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
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
