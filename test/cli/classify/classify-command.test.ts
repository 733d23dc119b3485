import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { classifyCommand } from '../../../src/cli/classify/classify-command.js';
import { buildProgram } from '../../../src/cli/main.js';
import { saveRandomImages } from '../../../src/cli/classify/save-images.js';
import { FRAME_PIXELS, frameAt } from '../../../src/image/frame.js';
import { answer, startFakeService } from '../../client/fake-service.js';
import { unusedPort } from '../../data/download/local-server.js';
import { drawDigit, encodePng } from '../../helpers/data/digits.js';
import { runCli, startCli } from '../../helpers/programs/run-cli.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { readWhole } from '../../helpers/data/read-whole.js';
import { writeTinyModel } from '../../helpers/models/tiny-model.js';
import { testIo, type TestIo } from '../test-io.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkdigit-classify-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

afterEach(() => vi.unstubAllEnvs());

async function classify(io: TestIo, ...args: readonly string[]): Promise<void> {
  await classifyCommand(io).parseAsync(args, { from: 'user' });
}

/** Writes files that the fake service reads as a digit, or refuses when the value is above 9. */
async function writeImages(values: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), new Uint8Array([value]));
  }
}

describe('the table', () => {
  it('shows file, digit, probability and true label, and counts what is right', async () => {
    const { url } = await startFakeService();
    await writeImages({ 'img_0_truelabel_7.png': 7, 'img_1_truelabel_2.png': 3, 'plain.png': 4 });
    const io = testIo();
    await classify(io, folder, '--server', url);
    const pad = ' '.repeat(folder.length);
    expect(io.out()).toBe(
      [
        `file                  ${pad}  digit  probability  true label`,
        `${folder}/img_0_truelabel_7.png      7      75.00 %           7`,
        `${folder}/img_1_truelabel_2.png      3      75.00 %           2  wrong`,
        `${folder}/plain.png                  4      75.00 %`,
        '1 of 2 right (50.0 %)',
        '',
      ].join('\n'),
    );
    expect(io.err()).toBe('');
    expect(io.exitCode).toBeUndefined();
  });

  it('has no column for true labels where no name carries one', async () => {
    const { url } = await startFakeService();
    await writeImages({ 'a.png': 1 });
    const io = testIo();
    await classify(io, join(folder, 'a.png'), '--server', url);
    expect(io.out()).not.toContain('true label');
    expect(io.out()).not.toContain('right');
  });

  it('has colours on a terminal only, and not with NO_COLOR', async () => {
    const { url } = await startFakeService();
    await writeImages({ 'x_truelabel_1.png': 2 });
    const colored = testIo({ isTTY: true });
    const plain = testIo({ isTTY: true, env: { NO_COLOR: '1' } });
    const piped = testIo();
    for (const io of [colored, plain, piped]) await classify(io, folder, '--server', url);
    expect(colored.out()).toContain('\x1b[31m');
    expect(plain.out()).toBe(piped.out());
    expect(piped.out()).not.toContain('\x1b');
  });
});

describe('a rejected image', () => {
  it('is shown as no digit, with its most probable one, and counts as wrong', async () => {
    const { url } = await startFakeService();
    await writeImages({ 'a_truelabel_0.png': 0, 'b.png': 0, 'c_truelabel_4.png': 4 });
    const io = testIo();
    await classify(io, folder, '--server', url);
    const rows = io
      .out()
      .split('\n')
      .map((line) => line.replace(`${folder}/`, '').replaceAll(/ +/g, ' ').trim());
    expect(rows.slice(1, -1)).toEqual([
      'a_truelabel_0.png - 75.00 % 0 not a digit; closest to 0, wrong',
      'b.png - 75.00 % not a digit; closest to 0',
      'c_truelabel_4.png 4 75.00 % 4',
      '1 of 2 right (50.0 %)',
    ]);
    const json = testIo();
    await classify(json, join(folder, 'b.png'), '--server', url, '--json');
    expect(JSON.parse(json.out()).results).toMatchObject([{ class: 0, probability: 0.75, digit: false }]);
  });
});

describe('which files', () => {
  it('walks folders in natural order, takes images only, and any file that is named', async () => {
    const { url, batches } = await startFakeService();
    await writeImages({
      'd/img_10.png': 4,
      'd/img_2.JPG': 3,
      'd/below/x.webp': 2,
      'd/.hidden.png': 9,
      'd/notes.txt': 9,
      'odd.bin': 1,
    });
    await classify(testIo(), join(folder, 'odd.bin'), join(folder, 'd'), '--server', url);
    expect(batches).toEqual([[1, 2, 3, 4]]);
  });

  it('says so when there is nothing to classify', async () => {
    await expect(classify(testIo())).rejects.toThrow('Nothing to classify: name image files or folders');
    const refused = expect(classify(testIo(), folder)).rejects;
    await refused.toThrow('Nothing to classify: no .png');
    await refused.toThrow(folder);
  });

  it('splits into requests of --batch-size', async () => {
    const { url, batches } = await startFakeService();
    await writeImages({ '1.png': 1, '2.png': 2, '3.png': 3, '4.png': 4, '5.png': 5 });
    await classify(testIo(), folder, '--server', url, '--batch-size', '2');
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });
});

describe('failures', () => {
  it('prints what could be read, tells why the rest could not, and ends with 1', async () => {
    const { url, batches } = await startFakeService();
    await writeImages({ '1.png': 1, '2_truelabel_2.png': 200, '3.png': 3 });
    const io = testIo();
    const missing = join(folder, 'missing.png');
    await classify(io, join(folder, '1.png'), missing, folder, '--server', url);
    expect(io.exitCode).toBe(1);
    expect(batches).toEqual([
      [1, 1, 200, 3],
      [1, 1, 3],
    ]);
    const rows = io
      .out()
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' ').trim());
    expect(rows.slice(1, -1)).toEqual([
      `${folder}/1.png 1 75.00 %`,
      `${missing} failed: there is no such file`,
      `${folder}/1.png 1 75.00 %`,
      `${folder}/2_truelabel_2.png failed: 200 is no digit`,
      `${folder}/3.png 3 75.00 %`,
      '2 of 5 failed',
    ]);
  });

  it('asks no server when no file could be read', async () => {
    const { url, batches } = await startFakeService();
    const io = testIo();
    await classify(io, join(folder, 'missing.png'), '--server', url);
    expect(batches).toEqual([]);
    expect(io.exitCode).toBe(1);
  });

  it('says in one line that no server answers, and ends with 1', async () => {
    await writeImages({ '1.png': 1 });
    const server = `http://127.0.0.1:${await unusedPort()}/`;
    const io = testIo();
    await classify(io, folder, '--server', server);
    expect(io.exitCode).toBe(1);
    expect(io.out()).toBe('');
    expect(io.err()).toMatch(/^inkdigit: Cannot reach the server at [^\n]+\n$/);
    expect(io.err()).toContain(server);
  });

  it('passes on what the server says, and --timeout-ms', async () => {
    await writeImages({ '1.png': 1 });
    const broken = await startFakeService({
      intercept: (response) => {
        answer(response, 500, 'internal', 'The service failed to answer.');
        return true;
      },
    });
    const silent = await startFakeService({ intercept: () => true });
    const io = testIo();
    await classify(io, folder, '--server', broken.url);
    await classify(io, folder, '--server', silent.url, '--timeout-ms', '60');
    expect(io.err()).toBe(
      `inkdigit: The service failed to answer.\ninkdigit: The server at ${silent.url} did not answer within 60 ms.\n`,
    );
  });

  it('refuses an address that is none', async () => {
    await writeImages({ '1.png': 1 });
    const io = testIo();
    await classify(io, folder, '--server', 'ftp://nowhere');
    expect(io.err()).toContain('got "ftp://nowhere"');
    expect(io.exitCode).toBe(1);
  });

  it.each([
    ['http://user:s3cret@127.0.0.1:1/', ['1.png']],
    ['ftp://user:s3cret@127.0.0.1/', ['1.png']],
    ['http://127.0.0.1:1/', ['http://user:s3cret@127.0.0.1:1/7.png']],
  ])('never repeats a password of %s', async (server, files) => {
    await writeImages({ '1.png': 1 });
    const paths = files.map((file) => (file.includes(':') ? file : join(folder, file)));
    const run = await runCli(['classify', ...paths], { INKDIGIT_SERVER: server });
    expect(run.code).toBe(1);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(/^inkdigit: Expected [^\n]+\n$/);
    expect(run.stderr).not.toContain('s3cret');
  });

  it('says in words why a file cannot be read', async () => {
    const { url } = await startFakeService();
    await writeImages({ '1.png': 1 });
    await writeFile(join(folder, 'empty.png'), '');
    await symlink('round.png', join(folder, 'round.png'));
    const io = testIo();
    const paths = [join(folder, '1.png', 'x.png'), join(folder, 'n'.repeat(300)), join(folder, 'round.png')];
    await classify(io, ...paths, join(folder, 'empty.png'), '--server', url, '--json');
    const { results } = JSON.parse(io.out()) as { results: { error: string }[] };
    expect(results.map(({ error }) => error)).toEqual([
      'what should be its folder is a file',
      'its name is too long',
      'its links lead in a circle',
      'it is empty',
    ]);
  });
});

describe('standard input', () => {
  it('is read for -, beside files too', async () => {
    const { url, batches } = await startFakeService();
    await writeImages({ '1.png': 1 });
    const io = testIo({ stdin: [new Uint8Array([7])] });
    await classify(io, join(folder, '1.png'), '-', '--server', url);
    expect(batches).toEqual([[1, 7]]);
    expect(io.out()).toMatch(/^- +7 +75\.00 %$/m);
    const json = testIo({ stdin: [new Uint8Array([7])] });
    await classify(json, '-', '--server', url, '--json');
    expect(JSON.parse(json.out()).results).toMatchObject([{ file: '-', class: 7 }]);
  });

  it('is bounded, may not be empty, and is named once', async () => {
    const { url, batches } = await startFakeService();
    const block = new Uint8Array(2 ** 26);
    const endless = testIo({ stdin: Array.from({ length: 1000 }, () => block) });
    await classify(endless, '-', '--server', url);
    expect(endless.out()).toContain('failed: it has more than 268435456 bytes');
    const empty = testIo();
    await classify(empty, '-', '--server', url);
    expect(empty.out()).toContain('failed: it is empty');
    expect(batches).toEqual([]);
    await expect(classify(testIo(), '-', '-', '--server', url)).rejects.toThrow('name it once');
  });

  it('is that of the process', async () => {
    const { url, batches } = await startFakeService();
    const run = startCli(['classify', '-', '--server', url], {}, new Uint8Array([5]));
    expect(await run.ended).toMatchObject({ code: 0, stderr: '' });
    expect(batches).toEqual([[5]]);
  });
});

describe('a terminal', () => {
  const HOSTILE = '\x1b]0;title\x07\x1b[2J\x9b31m\r\n\u202e\u2028\x7f';
  const SHOWN = String.raw`\u001b]0;title\u0007\u001b[2J\u009b31m\u000d\u000a\u202e\u2028\u007f`;

  it('is not steered by names of files, nor by what a server says', async () => {
    await writeImages({ [`${HOSTILE}.png`]: 1, 'b.png': 99 });
    const { url } = await startFakeService();
    const io = testIo({ isTTY: true, env: { NO_COLOR: '1' } });
    await classify(io, folder, '--server', url);
    expect(io.out()).toContain(`${folder}/${SHOWN}.png`);
    const [header, ...rows] = io.out().split('\n');
    expect(rows.find((row) => row.includes('75.00'))).toHaveLength(header?.length ?? 0);
    expect(io.out().replaceAll('\n', '')).not.toMatch(/[^\x20-\x7e]/);

    const refusing = await startFakeService({
      intercept: (response) => {
        answer(response, 500, 'internal', HOSTILE);
        return true;
      },
    });
    await classify(io, folder, '--server', refusing.url);
    expect(io.err()).toBe(`inkdigit: ${SHOWN}\n`);
  });

  it('gets JSON that keeps its meaning', async () => {
    await writeImages({ [`${HOSTILE}.png`]: 1 });
    const { url } = await startFakeService();
    const io = testIo();
    await classify(io, folder, '--server', url, '--json');
    expect(io.out().replaceAll('\n', '')).not.toMatch(/[^\x20-\x7e]/);
    expect(JSON.parse(io.out()).results[0].file).toBe(`${folder}/${HOSTILE}.png`);
  });

  it('is not steered by what is wrong with the command line or with its files', async () => {
    const unknown = await runCli(['classify', `--${HOSTILE}`]);
    const missing = await runCli(['evaluate', '--model', `${folder}/${HOSTILE}`]);
    for (const { stderr, code } of [unknown, missing]) {
      expect(code).toBe(1);
      expect(stderr).toContain(String.raw`\u001b[2J`);
      expect(stderr.replaceAll('\n', '')).not.toMatch(/[^\x20-\x7e]/);
    }
  });
});

it('--json prints one document and nothing else', async () => {
  const { url } = await startFakeService();
  await writeImages({ 'a_truelabel_1.png': 1, 'b_truelabel_1.png': 2, 'c.png': 99 });
  const io = testIo({ isTTY: true });
  await classify(io, folder, '--server', url, '--json');
  expect(JSON.parse(io.out())).toEqual({
    results: [
      { file: join(folder, 'a_truelabel_1.png'), class: 1, probability: 0.75, digit: true, trueLabel: 1 },
      { file: join(folder, 'b_truelabel_1.png'), class: 2, probability: 0.75, digit: true, trueLabel: 1 },
      { file: join(folder, 'c.png'), error: '99 is no digit', trueLabel: null },
    ],
    images: 3,
    failed: 1,
    labelled: 2,
    correct: 1,
  });
  expect(io.err()).toBe('');
  expect(io.exitCode).toBe(1);
});

it('--local needs no server, and a bad image does not hold up the others', async () => {
  const model = writeTinyModel(join(folder, 'model'));
  await writeFile(join(folder, '1.png'), await encodePng(drawDigit(1)));
  await writeFile(join(folder, '2.png'), 'not an image');
  await writeFile(join(folder, '3.png'), await encodePng(drawDigit(3)));
  const io = testIo();
  await classify(io, folder, '--local', '--model', model, '--json');
  const { results, failed } = JSON.parse(io.out());
  expect(results).toMatchObject([
    { file: join(folder, '1.png'), class: expect.any(Number), probability: expect.any(Number) },
    { file: join(folder, '2.png'), error: expect.any(String) },
    { file: join(folder, '3.png'), class: expect.any(Number), probability: expect.any(Number) },
  ]);
  expect(failed).toBe(1);
  expect(io.exitCode).toBe(1);
});

describe('saveRandomImages', () => {
  const count = 30;
  // The first pixel of an image tells which one it is.
  const pixels = new Uint8Array(count * FRAME_PIXELS).map((_, i) =>
    i % FRAME_PIXELS === 0 ? i / FRAME_PIXELS : i % 251,
  );
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  const data = { frames: { count, pixels }, labels };
  const settings = { count: 10, seed: 1, force: false };

  it('writes PNG files of exactly the pixels, named by number and label', async () => {
    const paths = await saveRandomImages(data, { ...settings, folder });
    expect(paths).toHaveLength(10);
    expect((await readdir(folder)).toSorted()).toEqual(paths.map((path) => path.slice(folder.length + 1)));
    for (const [number, path] of paths.entries()) {
      const label = Number(/\/img_0(\d)_truelabel_(\d)\.png$/.exec(path)?.[2]);
      expect(path).toContain(`img_0${number}_`);
      const frame = await readWhole(await readFile(path));
      const index = frame[0] ?? -1;
      expect([...frame]).toEqual([...frameAt(data.frames, index)]);
      expect(label).toBe(index % 10);
    }
  });

  it('takes different images by the seed, never one twice, and more of the same for a larger count', async () => {
    const first = await saveRandomImages(data, { ...settings, folder: join(folder, 'a') });
    const again = await saveRandomImages(data, { ...settings, folder: join(folder, 'a') });
    const other = await saveRandomImages(data, { ...settings, seed: 2, folder: join(folder, 'b') });
    const all = await saveRandomImages(data, { ...settings, count, folder: join(folder, 'c') });
    const contents = async (paths: readonly string[]): Promise<string[]> =>
      Promise.all(paths.map((path) => readFile(path, 'base64')));
    expect(again).toEqual(first);
    expect(await contents(other)).not.toEqual(await contents(first));
    expect((await contents(all)).slice(0, 10)).toEqual(await contents(first));
    expect(new Set(await contents(all)).size).toBe(count);
  });

  it('replaces a file of another content only with force', async () => {
    const [path = ''] = await saveRandomImages(data, { ...settings, folder });
    await writeFile(path, 'mine');
    const refused = expect(saveRandomImages(data, { ...settings, folder })).rejects;
    await refused.toMatchObject({ code: 'file_exists' });
    await refused.toThrow(path);
    expect(await readFile(path, 'utf8')).toBe('mine');
    await saveRandomImages(data, { ...settings, folder, force: true });
    expect(await readFile(path, 'utf8')).not.toBe('mine');
  });

  it('refuses to save more than there are', async () => {
    await expect(saveRandomImages(data, { ...settings, folder, count: 31 })).rejects.toThrow(
      'at most 30 images',
    );
  });
});

describe('--download-mnist', () => {
  it.skipIf(!mnistDir).each([
    ['--download-mnist', [], 10],
    ['--download_mnist', ['3'], 3],
  ])('%s saves test images of real MNIST and classifies them', async (flag, number, expected) => {
    vi.stubEnv('MNIST_DATA_DIR', mnistDir);
    const model = writeTinyModel(join(folder, 'model'));
    const saved = join(folder, 'saved');
    const io = testIo();
    await classify(io, flag, ...number, '--folder', saved, '--local', '--model', model);
    expect(await readdir(saved)).toHaveLength(expected);
    expect(io.err()).toBe(`Saved ${expected} images of MNIST's test set in ${saved}\n`);
    expect(io.out()).toMatch(new RegExp(`\\d+ of ${expected} right`));
    expect(io.exitCode).toBeUndefined();
  });

  it('asks for the files where the named folder lacks them', async () => {
    await expect(classify(testIo(), '--download-mnist', '--data-dir', folder)).rejects.toMatchObject({
      code: 'missing_file',
    });
  });
});

it('--help shows each option with its default and environment variable, and no alias', async () => {
  const help =
    (await buildProgram()).commands.find((command) => command.name() === 'classify')?.helpInformation() ?? '';
  for (const text of ['--server <url>', 'INKDIGIT_SERVER', 'default: 64', 'milliseconds', 'MNIST_DATA_DIR']) {
    expect(help).toContain(text);
  }
  expect(help).not.toContain('--download_mnist');
});
