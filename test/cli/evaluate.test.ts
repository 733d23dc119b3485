import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseModelCard } from '../../src/model/card.js';
import { mnistDir } from '../helpers/mnist.js';
import { runCli } from '../helpers/run-cli.js';

describe.skipIf(!mnistDir)('inkdigit evaluate on real MNIST', () => {
  it('finds the shipped model as accurate as its card says, and at least 99.4 %', async () => {
    const { code, stdout, stderr } = await runCli(['evaluate', '--json']);
    expect(code, stderr).toBe(0);
    const measured: { correct: number; count: number; accuracy: number } = JSON.parse(stdout);
    const path = new URL('../../models/mnist.json', import.meta.url).pathname;
    const card = parseModelCard(readFileSync(path, 'utf8'), path);
    expect(measured).toMatchObject({ count: 10_000, correct: card.test?.correct });
    expect(measured.accuracy).toBeGreaterThanOrEqual(0.994);
  });

  it('records its figure in the card of a model that has none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkdigit-record-'));
    const [model, card] = [join(folder, 'copy.onnx'), join(folder, 'copy.json')];
    const shipped = new URL('../../models/', import.meta.url);
    copyFileSync(new URL('mnist.onnx', shipped), model);
    const original = parseModelCard(readFileSync(new URL('mnist.json', shipped), 'utf8'), 'the card');
    writeFileSync(card, JSON.stringify({ ...original, test: null }));
    const { code, stderr } = await runCli(['evaluate', '--model', model, '--record']);
    expect(code, stderr).toBe(0);
    expect(parseModelCard(readFileSync(card, 'utf8'), card)).toEqual(original);
    rmSync(folder, { recursive: true });
  });

  it('prints the figures as a person reads them', async () => {
    const { stdout } = await runCli(['evaluate', '--split', 'validation']);
    expect(stdout).toMatch(/on the 5,000 validation images of MNIST/);
    expect(stdout).toMatch(/accuracy +99\.\d\d % +\(49\d\d of 5000 right; 95 % interval 9\d\.\d\d % to \d/);
    expect(stdout).toMatch(/digit +images +precision +recall/);
    expect(stdout).toMatch(/confusion: rows are the true digit/);
  });
});

describe('inkdigit evaluate', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-evaluate-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('records figures of the test images only', async () => {
    const { code, stderr } = await runCli(['evaluate', '--record', '--split', 'validation']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^inkdigit: --record is for the test images/);
  });

  it('says in one line that a model is missing', async () => {
    const { code, stderr } = await runCli(['evaluate', '--model', join(folder, 'none.onnx')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^inkdigit: Cannot read the model's file .*none\.onnx.*\n$/);
  });

  it('says in one line that a file is no card', async () => {
    const model = join(folder, 'odd.onnx');
    writeFileSync(model, 'x');
    writeFileSync(join(folder, 'odd.json'), '{"name":"odd"}');
    const { code, stderr } = await runCli(['evaluate', '--model', model]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^inkdigit: .*odd\.json is not the card of a model: .*\n$/);
  });
});
