import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { downloadCommand } from '../../../src/cli/download/download-command.js';
import { testIo, type TestIo } from '../test-io.js';
import { mnistDir } from '../../helpers/data/mnist.js';

let folder: string;

beforeEach(async () => {
  vi.stubEnv('MNIST_DATA_DIR', undefined);
  folder = await mkdtemp(join(tmpdir(), 'inkdigit-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

async function run(io: TestIo, ...args: readonly string[]): Promise<void> {
  await downloadCommand(io).parseAsync(args, { from: 'user' });
}

describe.skipIf(!mnistDir)('with the files of real MNIST', () => {
  it('downloads what is missing, once, and says where it is', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(basename(url));
      return new Response(await readFile(join(mnistDir ?? '', basename(url))));
    });
    const target = join(folder, 'data');
    const first = testIo();
    await run(first, '--data-dir', target);
    expect(first.out().match(/: downloaded and verified\n/g)).toHaveLength(4);
    expect(first.out()).toContain(`MNIST is in ${target}\n`);
    expect((await readdir(target)).toSorted()).toEqual(asked.toSorted());

    const second = testIo();
    await run(second, '--data-dir', target);
    expect(second.out().match(/: already there, verified\n/g)).toHaveLength(4);
    expect(asked).toHaveLength(4);
  });
});

it('uses the cache folder when no folder is named', async () => {
  vi.stubGlobal('fetch', async () => new Response('gone', { status: 410 }));
  await expect(run(testIo({ env: { XDG_CACHE_HOME: folder } }))).rejects.toThrow(
    `into ${join(folder, 'inkdigit')}:`,
  );
});

it('takes the folder from MNIST_DATA_DIR', async () => {
  vi.stubGlobal('fetch', async () => new Response('gone', { status: 410 }));
  vi.stubEnv('MNIST_DATA_DIR', folder);
  await expect(run(testIo())).rejects.toThrow(`into ${folder}:`);
});

it('draws no bar into a pipe, and takes it off a terminal', async () => {
  vi.stubGlobal('fetch', async () => new Response('<html>not MNIST</html>'));
  for (const isTTY of [false, true]) {
    const io = testIo({ isTTY });
    await expect(run(io, '--data-dir', folder)).rejects.toMatchObject({ code: 'download_failed' });
    expect(io.out()).toBe('');
    expect(io.err().includes('\r')).toBe(isTTY);
    expect(io.err().endsWith('\r\x1b[K')).toBe(isTTY);
  }
});

describe('--dataset', () => {
  it('refuses names that there are not, before anything is downloaded', async () => {
    vi.stubGlobal('fetch', async () => expect.unreachable());
    await expect(
      run(testIo(), '--dataset', 'semeion,nothing', '--datasets-dir', folder),
    ).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('mnist, unipen, semeion') as unknown,
    });
  });

  it('says where a data set is described that no address gives', async () => {
    vi.stubGlobal('fetch', async () => expect.unreachable());
    const io = testIo({ env: { INKDIGIT_DATASETS_DIR: folder } });
    await expect(run(io, '--dataset', 'paper-digits')).rejects.toThrow(
      /https:\/\/github\.com\/Bishwaprotapi\/Hand-Written.*into/,
    );
  });

  it('is repeatable, downloads into the folder of data sets, and verifies', async () => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url);
      return new Response('not Semeion');
    });
    const args = ['--dataset', 'semeion', '--dataset', 'semeion', '--datasets-dir', folder];
    await expect(run(testIo(), ...args)).rejects.toThrow(`Could not download semeion.data into ${folder}`);
    expect(asked).toEqual(['https://archive.ics.uci.edu/ml/machine-learning-databases/semeion/semeion.data']);
    expect(await readdir(folder)).toEqual([]);
  });
});
