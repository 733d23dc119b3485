import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORRUPTIONS } from '../../../src/evaluation/corruptions/corruptions.js';
import { OUTLIER_KINDS } from '../../../src/evaluation/outliers/kinds.js';
import { multiplyAddsOf, parseModelCard } from '../../../src/model/card/card.js';
import { readModelCard } from '../../../src/model/read-model-files.js';
import { floatModelPath, shippedModelPath } from '../../../src/model/model-paths.js';
import { writeDigitFolder } from '../../helpers/data/digit-folder.js';
import { encodePng } from '../../helpers/data/digits.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { runCli } from '../../helpers/programs/run-cli.js';
import { writeTinyModel } from '../../helpers/models/tiny-model.js';
import { refusalOf } from '../../helpers/programs/refusal.js';

describe.skipIf(!mnistDir)('inkdigit evaluate on real MNIST', () => {
  it('finds the shipped model as accurate as its card says, and at least 99.70 %', async () => {
    const { code, stdout, stderr } = await runCli(['evaluate', '--json']);
    expect(code, stderr).toBe(0);
    const measured: { correct: number; count: number; accuracy: number } = JSON.parse(stdout);
    const card = await readModelCard(shippedModelPath());
    const floats = await readModelCard(floatModelPath());
    expect(measured).toMatchObject({ count: 10_000, correct: card.test?.correct });
    // The model without an OOD head has 99.72 %; rejecting non-digits may cost 0.02 points.
    expect(measured.accuracy).toBeGreaterThanOrEqual(0.997);
    expect(card.test?.calibrationError).toBeLessThanOrEqual(0.004);
    expect(card.robustness?.meanError).toBeLessThanOrEqual(0.06);
    expect(multiplyAddsOf(card).mean).toBeLessThanOrEqual(3e6);
    expect(multiplyAddsOf(floats).most).toBeLessThanOrEqual(5e6);
    expect(card.file.bytes).toBeLessThanOrEqual(1e6);
    // Eight bits cost 0.03 points at most.
    expect(card.test?.accuracy).toBeGreaterThanOrEqual((floats.test?.accuracy ?? NaN) - 0.0003);
    expect(floats.test?.accuracy).toBeGreaterThanOrEqual(0.997);
    for (const { digitThreshold, outliers } of [card, floats]) {
      expect(outliers).toMatchObject({ threshold: digitThreshold, count: 3000 });
      expect(outliers?.auroc).toBeGreaterThanOrEqual(0.99);
      expect(outliers?.passing).toBeLessThanOrEqual(0.05);
    }
    const digits = await readModelCard(
      fileURLToPath(new URL('../../../teachers/digits.onnx', import.meta.url)),
    );
    expect(digits.test?.accuracy).toBeGreaterThanOrEqual(0.9972);
    expect(digits.seeds?.meanAccuracy).toBeGreaterThanOrEqual(0.9968);
  });

  it('records its figure in the card of a model that has none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkdigit-record-'));
    const [model, card] = [join(folder, 'copy.onnx'), join(folder, 'copy.json')];
    const shipped = new URL('../../../models/', import.meta.url);
    copyFileSync(new URL('mnist.int8.onnx', shipped), model);
    const original = parseModelCard(readFileSync(new URL('mnist.int8.json', shipped), 'utf8'), 'the card');
    writeFileSync(card, JSON.stringify({ ...original, test: null }));
    const page = join(folder, 'report.html');
    const { code, stderr } = await runCli(['evaluate', '--model', model, '--record', '--html', page]);
    expect(code, stderr).toBe(0);
    // The page has the card as it is now.
    expect(readFileSync(page, 'utf8')).toMatch(/<dt>test, by the card<\/dt>\s*<dd>99\.\d\d %/);
    const recorded = parseModelCard(readFileSync(card, 'utf8'), card);
    const { test, ...rest } = recorded;
    const { test: shippedTest, ...shippedRest } = original;
    expect(rest).toEqual(shippedRest);
    expect(test).toMatchObject({
      accuracy: shippedTest?.accuracy,
      correct: shippedTest?.correct,
      count: 10_000,
    });
    expect(test?.calibrationError).toBeLessThan(0.01);
    expect(test?.negativeLogLikelihood).toBeLessThan(0.03);
    rmSync(folder, { recursive: true });
  });

  it('prints the figures as a person reads them', async () => {
    const { stdout } = await runCli(['evaluate', '--split', 'validation']);
    expect(stdout).toMatch(/on the 5,000 validation images of MNIST/);
    expect(stdout).toMatch(/accuracy +99\.\d\d % +\(49\d\d of 5000 correct; 95 % interval 9\d\.\d\d % to \d/);
    expect(stdout).toMatch(/digit +images +precision +recall/);
    expect(stdout).toMatch(/confusion: rows are the true digit/);
    expect(stdout).toMatch(/speed +[\d,]+ images\/s, \d+ µs an image, on one thread, 64 at a time/);
  });
});

describe('inkdigit evaluate', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-evaluate-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('records figures of the test images only', async () => {
    const said = await refusalOf(['evaluate', '--record', '--split', 'validation']);
    expect(said).toMatch(/^inkdigit: --record is for the test images/);
  });

  it('finds out before the work that a model is no other seed of the recipe', async () => {
    const [model, other] = [writeTinyModel(join(folder, 'seed-1')), writeTinyModel(join(folder, 'seed-2'))];
    writeFileSync(join(folder, 't10k-images-idx3-ubyte'), 'no digits here');
    const args = ['evaluate', '--model', model, '--record', '--seeds', other];
    const said = await refusalOf(args, { MNIST_DATA_DIR: folder });
    expect(said).toMatch(/^inkdigit: The model of seed \d .*was not evaluated/);
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
    const said = await refusalOf(['evaluate', '--model', model]);
    expect(said).toMatch(/^inkdigit: .*odd\.json is not the card of a model: .*\n$/);
  });

  it('measures the shipped model on a folder of images, in every way, as JSON and as a page', async () => {
    const [images, page] = [join(folder, 'digits'), join(folder, 'new', 'report.html')];
    await writeDigitFolder(images, 20);
    // Corruptions are of frames.
    const frames = ['--normalize', 'never'];
    const args = ['evaluate', '--images', images, ...frames, '--robustness', '--json', '--html', page];
    const { code, stdout, stderr } = await runCli(args);
    expect(code, stderr).toBe(0);
    const measured: {
      images: string;
      count: number;
      correct: number;
      calibration: { count: number }[];
      batch: number;
      microsecondsPerImage: number;
      imagesPerSecond: number;
      robustness: { meanError: number; corruptions: { name: string; error: number; count: number }[] };
    } = JSON.parse(stdout);
    expect(measured).toMatchObject({ images, count: 20, batch: 20 });
    expect(measured).not.toHaveProperty('split');
    expect(measured.correct).toBeGreaterThanOrEqual(18);
    expect(measured.calibration.reduce((sum, { count }) => sum + count, 0)).toBe(20);
    expect(measured.microsecondsPerImage * measured.imagesPerSecond).toBeCloseTo(1e6, 3);
    const { corruptions, meanError } = measured.robustness;
    expect(corruptions.map(({ name }) => name)).toEqual(CORRUPTIONS.map(({ name }) => name));
    expect(meanError).toBeCloseTo(corruptions.reduce((sum, { error }) => sum + error, 0) / 15, 12);
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('the 20 images in');
    expect(html).toContain('canny edges');

    writeFileSync(page, 'mine');
    const refused = await refusalOf(['evaluate', '--images', images, '--html', page]);
    expect(refused).toMatch(/^inkdigit: .*report\.html exists already\. --force replaces it/);
    expect(readFileSync(page, 'utf8')).toBe('mine');
    const forced = await runCli(['evaluate', '--images', images, '--html', page, '--force']);
    expect(forced.code, forced.stderr).toBe(0);
    expect(forced.stdout).toMatch(/\nreport +.*report\.html\n$/);
    expect(readFileSync(page, 'utf8')).toContain('<!doctype html>');
  });

  it('reads folders as the service reads files, names misclassified ones, and skips bad ones if asked to', async () => {
    const images = join(folder, 'mixed');
    // The tiny model looks at ten pixels of the border: all are black, and the first of equals is 0.
    mkdirSync(join(images, '7'), { recursive: true });
    copyFileSync(new URL('../../../examples/digits/7.png', import.meta.url), join(images, '7', 'seven.png'));
    writeFileSync(join(images, '7', 'broken.png'), 'no picture');
    const model = writeTinyModel(join(folder, 'tiny'));
    const args = ['evaluate', '--model', model, '--images', images];
    const refused = await runCli(args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^inkdigit: 1 of the 2 images in .*--skip-bad.*\n {2}7\/broken\.png: /);
    const page = join(folder, 'mixed.html');
    const skipped = await runCli([...args, '--skip-bad', '--html', page]);
    expect(skipped.code, skipped.stderr).toBe(0);
    expect(skipped.stderr).toMatch(
      /^Skipped 7\/broken\.png: .*\nNo image shows 0, 1, 2, 3, 4, 5, 6, 8, 9\.\n$/,
    );
    expect(skipped.stdout).toMatch(/\non the one image in /);
    expect(skipped.stdout).toMatch(/0 of 1 correct/);
    expect(readFileSync(page, 'utf8')).toMatch(/7 read as 0[^]*7\/seven\.png/);
  });

  it('tells digits from the pictures of a folder, and from those that come with it', async () => {
    const [images, letters] = [join(folder, 'some-digits'), join(folder, 'letters')];
    await writeDigitFolder(images, 20);
    mkdirSync(join(letters, 'below'), { recursive: true });
    const white = { width: 40, height: 30, channels: 1, data: new Uint8Array(1200).fill(255) } as const;
    writeFileSync(join(letters, 'below', 'paper.png'), await encodePng(white));
    writeFileSync(join(letters, 'broken.png'), 'no picture');
    const args = ['evaluate', '--images', images, '--json', '--outliers'];
    const refused = await refusalOf([...args, letters]);
    expect(refused).toMatch(/^inkdigit: 1 of the 2 images in .*letters cannot be read/);
    const skipped = await runCli([...args, letters, '--skip-bad']);
    expect(skipped.code, skipped.stderr).toBe(0);
    expect(skipped.stderr).toMatch(/^Skipped broken\.png: /);
    expect(JSON.parse(skipped.stdout).outliers).toMatchObject({
      source: 'letters',
      count: 1,
      // White paper is a blank.
      passing: 0,
      kinds: [{ name: 'letters', count: 1 }],
    });
    const drawn = await runCli(args);
    expect(drawn.code, drawn.stderr).toBe(0);
    const { kinds, count } = JSON.parse(drawn.stdout).outliers;
    expect(kinds.map(({ name }: { name: string }) => name)).toEqual(OUTLIER_KINDS.map(({ name }) => name));
    expect(count).toBe(kinds.reduce((sum: number, kind: { count: number }) => sum + kind.count, 0));
    const empty = await refusalOf([...args, join(letters, 'none')]);
    expect(empty).toMatch(/^inkdigit: Cannot read the folder .*none: there is no such folder\.\n$/);
  });

  it('takes either MNIST or a folder, and records MNIST only', async () => {
    const both = await refusalOf(['evaluate', '--images', folder, '--split', 'test']);
    expect(both).toMatch(/'--images <folder>' cannot be used with option '--split <name>'/);
    const recorded = await refusalOf(['evaluate', '--images', folder, '--record']);
    expect(recorded).toMatch(/^inkdigit: --record is for the test images; leave --images out\.\n$/);
  });

  it.each([
    ['--skip-bad', /^inkdigit: --skip-bad goes with --images DIR or --outliers DIR, .*\n$/],
    ['--normalize=never', /^inkdigit: --normalize goes with --images DIR or --outliers DIR, .*\n$/],
    ['--force', /^inkdigit: --force goes with --html FILE, .*\n$/],
    ['--seeds=x.onnx', /^inkdigit: --seeds goes with --record, .*\n$/],
  ])('refuses %s without its partner', async (flag, message) => {
    expect(await refusalOf(['evaluate', flag], { MNIST_DATA_DIR: folder })).toMatch(message);
  });

  it('finds out before the work that a page cannot be written', async () => {
    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    const said = (html: string): Promise<string> =>
      refusalOf(['evaluate', '--images', 'nowhere', '--html', html]);
    expect(await said(join(blocked, 'x.html'))).toMatch(/^inkdigit: Cannot write .*x\.html/);
    expect(await said(folder)).toBe(`inkdigit: Cannot write ${folder}: it is a folder. Name a file in it.\n`);
  });
});
