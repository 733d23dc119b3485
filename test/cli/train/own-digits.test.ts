import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadImageFolder } from '../../../src/data/image-folder.js';
import { parseModelCard, type ModelCard } from '../../../src/model/card/card.js';
import { DEFAULT_RECIPE } from '../../../src/training/recipe.js';
import { writeDigitFolder } from '../../helpers/data/digit-folder.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { readWhole } from '../../helpers/data/read-whole.js';
import { runCli, type CliResult } from '../../helpers/programs/run-cli.js';
import { refusalOf } from '../../helpers/programs/refusal.js';
import { freshStart } from '../../../src/training/session/training-start.js';

let root: string;
let digits: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'inkdigit-own-'));
  digits = join(root, 'digits');
  await writeDigitFolder(digits, 60);
});
afterAll(() => rmSync(root, { recursive: true }));

const NO_MNIST = { MNIST_DATA_DIR: '/nowhere' };

function train(out: string, args: readonly string[], env = NO_MNIST): Promise<CliResult> {
  return runCli(['train', '--out', out, ...args], env);
}

async function trained(name: string, args: readonly string[]): Promise<{ out: string; stderr: string }> {
  const out = join(root, name, 'own.onnx');
  const { code, stderr } = await train(out, args);
  expect(code, stderr).toBe(0);
  return { out, stderr };
}

/** What a training that does not begin says. */
function refused(name: string, args: readonly string[]): Promise<string> {
  return refusalOf(['train', '--out', join(root, name, 'own.onnx'), ...args], NO_MNIST);
}

/** Where it does not matter what is learned. */
const SHORT = ['--network', 'small', '--epochs', '1'];

function cardOf(out: string): ModelCard {
  const path = out.replace('.onnx', '.json');
  return parseModelCard(readFileSync(path, 'utf8'), path);
}

describe('inkdigit train --images', () => {
  it('trains on a few images without MNIST, and the card says on which', async () => {
    const { out, stderr } = await trained('few', ['--images', digits, '--epochs', '12', '--threads', '3']);
    expect(stderr).toMatch(/^60 images in .*digits$/m);
    expect(stderr).toMatch(/on 50 images, 10 validate, 8 per step, one thread$/m);
    expect(readdirSync(join(root, 'few')).toSorted()).toEqual([
      'own.json',
      'own.onnx',
      'own.svg',
      'own.weights',
    ]);
    const card = cardOf(out);
    expect(card).toMatchObject({
      name: 'own',
      network: { name: 'compact' },
      data: { images: (await loadImageFolder(digits, readWhole)).digest },
      recipe: { batchSize: 8, trainImages: 50, validationShare: 0.1 },
      validation: { count: 10 },
      test: null,
      // A step of 8 images is work for one.
      training: { threads: 1 },
    });
    expect(card.validation.accuracy).toBeGreaterThan(0.5);
  });

  it('lists files that cannot be read, and goes without them when told to', async () => {
    const folder = join(root, 'some-bad');
    cpSync(digits, folder, { recursive: true });
    writeFileSync(join(folder, '4', 'broken.png'), 'no image');
    writeFileSync(join(folder, '6', 'empty.jpg'), '');
    const bad = await train(join(root, 'bad', 'own.onnx'), ['--images', folder]);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toMatch(
      new RegExp(
        String.raw`inkdigit: 2 of the 62 images in .*some-bad cannot be read\. .*--skip-bad\.\n` +
          String.raw` {2}4/broken\.png: .+\n {2}6/empty\.jpg: .+\n$`,
      ),
    );
    const { out, stderr } = await trained('skipped', [
      '--images',
      folder,
      '--skip-bad',
      ...SHORT,
      '--validation-share',
      '0.5',
    ]);
    expect(stderr).toMatch(/Skipped 2 that cannot be read:\n {2}4\/broken\.png: .+\n {2}6\/empty\.jpg: /);
    expect(cardOf(out).recipe).toMatchObject({ trainImages: 30, validationShare: 0.5 });
  });

  it('says which digits no image shows', async () => {
    const folder = join(root, 'two-digits');
    mkdirSync(folder);
    for (const digit of ['1', '7']) cpSync(join(digits, digit), join(folder, digit), { recursive: true });
    const { stderr } = await trained('two', ['--images', folder, ...SHORT]);
    expect(stderr).toMatch(/^No image shows 0, 2, 3, 4, 5, 6, 8, 9\.$/m);
  });

  it.each([
    [['--with-mnist'], /--with-mnist goes with --images DIR/],
    [['--skip-bad'], /--skip-bad goes with --images DIR/],
    [['--validation-share', '0.2'], /--validation-share goes with --images DIR/],
    [
      ['--images', '/nowhere'],
      /Cannot read \/nowhere: there is no such folder\. Expected one folder a digit/,
    ],
    [['--images', 'src'], /names no digit .*Expected one folder a digit/],
    [
      ['--images', 'digits', '--batch-size', '64'],
      /batch size 64 is larger than the 50 training images; pass --batch-size 8\./,
    ],
    [['--images', 'digits', '--train-images', '51'], /--train-images: expected at most 50/],
    [['--resume', '--from', 'x.onnx'], /--resume continues .*--from begins a new one\. Pass one of them\./],
    [['--from', 'x.onnx'], /--from: cannot read x\.onnx: there is no such file\./],
  ])('refuses %j in words', async (args, message) => {
    const given = args.map((arg) => (arg === 'digits' ? digits : arg));
    expect(await refused('refused', given)).toMatch(message);
  });

  it.skipIf(!mnistDir)('trains on real MNIST as well', async () => {
    const out = join(root, 'both', 'own.onnx');
    const args = ['--images', digits, '--with-mnist', ...SHORT, '--train-images', '256', '--no-augment'];
    const { code, stderr } = await train(out, args, { MNIST_DATA_DIR: mnistDir ?? '' });
    expect(code, stderr).toBe(0);
    const card = cardOf(out);
    expect(Object.keys(card.data).length).toBe(5);
    expect([card.validation.count, card.test?.count]).toEqual([5_010, 10_000]);
  });
});

describe('inkdigit train --from', () => {
  let first: string;
  let more: string;
  beforeAll(async () => {
    more = join(root, 'more');
    await writeDigitFolder(more, 200, 9);
    ({ out: first } = await trained('first', ['--images', more, '--network', 'small', '--epochs', '8']));
  });

  it('begins with what was learned, at a tenth of the learning rate', async () => {
    const { out, stderr } = await trained('tuned', ['--images', digits, '--from', first, '--epochs', '1']);
    expect(stderr).toMatch(/Training on from .*first\/own\.onnx: small/);
    const { recipe, validation } = cardOf(out);
    expect(recipe['learningRate']).toBeCloseTo(DEFAULT_RECIPE.learningRate / 10, 10);
    expect(String(recipe['learningRate']).length).toBeLessThan(9);
    expect(recipe['from']).toBe(cardOf(first).file.sha256);
    const fresh = await trained('untuned', ['--images', digits, ...SHORT]);
    expect(validation.accuracy).toBeGreaterThan(cardOf(fresh.out).validation.accuracy);

    const weights = first.replace('.onnx', '.weights');
    const settings = { out, device: 'cpu', threads: 1, test: true, images: digits, from: weights } as const;
    const given = await freshStart({ ...settings, learningRate: 0.002 });
    expect(given.recipe.learningRate).toBe(0.002);
    expect(given.begin).toEqual((await freshStart(settings)).begin);
  });

  it('keeps the network of the weights, and refuses another', async () => {
    const args = ['--images', digits, '--from', first, '--network', 'seed'];
    expect(await refused('other-network', args)).toMatch(
      /has the weights of the network small, not of seed: leave --network out/,
    );
  });

  it.each([
    [
      'are missing',
      (weights: string) => rmSync(weights),
      /cannot read .*own\.weights: there is no such file\. A training writes it beside own\.onnx/,
    ],
    [
      'are damaged',
      (weights: string) => writeFileSync(weights, readFileSync(weights).subarray(0, 5000)),
      /own\.weights is damaged: its checksum does not match its 5000 bytes\./,
    ],
    [
      'belong to another model',
      (weights: string) => cpSync(weights.replace('.weights', '.json'), weights.replace('.weights', '.onnx')),
      /own\.weights belongs to another model than .*own\.onnx: expected the SHA-256/,
    ],
  ])('says so when the weights %s', async (title, damage, message) => {
    const copy = join(root, title);
    cpSync(join(root, 'first'), copy, { recursive: true });
    damage(join(copy, 'own.weights'));
    const args = ['--images', digits, '--from', join(copy, 'own.onnx')];
    expect(await refused('not-begun', args)).toMatch(message);
  });
});
