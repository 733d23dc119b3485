import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  maxDownloadBytes,
  readMnistFile,
  verifyMnistFile,
  type MnistFile,
} from '../../../src/data/mnist/mnist-files.js';
import { ensureMnistFile, loadMnist, loadMnistPart } from '../../../src/data/mnist/mnist.js';
import { createRandom, wholeBetween } from '../../../src/random.js';
import { idxFile } from './idx-files.js';
import { startServer } from '../download/local-server.js';

const REAL_DATA = process.env['MNIST_DATA_DIR'] || '../shared/mnist';

const CONTENT = idxFile([3], new Uint8Array([7, 2, 1]));
const FILE: MnistFile = {
  name: 'labels-idx1-ubyte',
  bytes: CONTENT.length,
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
};

/** What no compression makes smaller. */
function noiseOf(bytes: number): Buffer {
  const random = createRandom(bytes);
  return Buffer.from(Array.from({ length: bytes }, () => wholeBetween(random, 0, 255)));
}

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkdigit-mnist-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

describe('verifyMnistFile', () => {
  it('takes the file raw and packed by any compression', async () => {
    for (const bytes of [CONTENT, gzipSync(CONTENT, { level: 1 }), gzipSync(CONTENT, { level: 9 })]) {
      expect(new Uint8Array(await verifyMnistFile(FILE, bytes, 'it'))).toEqual(CONTENT);
    }
  });

  it.each([
    [
      'a changed byte',
      idxFile([3], new Uint8Array([7, 2, 3])),
      'expected uncompressed content with the SHA-256',
    ],
    ['a truncated file', CONTENT.subarray(0, -1), 'truncated: expected 11 bytes'],
    ['a truncated archive', gzipSync(CONTENT).subarray(0, -9), 'cannot be unpacked as gzip'],
    ['a web page', Buffer.from('<!doctype html>'), 'expected the magic number of an IDX file'],
  ])('refuses %s and names the file', async (_, bytes, reason) => {
    const refused = expect(verifyMnistFile(FILE, bytes, 'here.gz')).rejects;
    await refused.toMatchObject({ code: 'invalid_data' });
    await refused.toThrow(reason);
    await refused.toThrow('here.gz');
  });

  it('does not unpack without bound', async () => {
    const bomb = gzipSync(Buffer.concat([CONTENT, Buffer.of(0)]));
    await expect(verifyMnistFile(FILE, bomb, 'bomb.gz')).rejects.toMatchObject({
      code: 'invalid_data',
      message:
        "bomb.gz is not MNIST's labels-idx1-ubyte: it unpacks to more than the 11 bytes of that. " +
        'It is of another data set that uses the same names, or made to fill memory.',
    });
  });

  it('leaves room for every packing of its file, and for little more', () => {
    const noise = noiseOf(100_000);
    for (const level of [0, 1, 6, 9]) {
      expect(gzipSync(noise, { level }).length).toBeLessThan(
        maxDownloadBytes({ ...FILE, bytes: noise.length }),
      );
    }
    expect(maxDownloadBytes({ ...FILE, bytes: noise.length })).toBeLessThan(102_000);
  });
});

describe('readMnistFile', () => {
  it('finds the file with and without .gz', async () => {
    expect(await readMnistFile(folder, FILE)).toBeUndefined();
    expect(await readMnistFile(join(folder, 'nowhere'), FILE)).toBeUndefined();
    await writeFile(join(folder, FILE.name), CONTENT);
    expect(await readMnistFile(folder, FILE)).toHaveLength(CONTENT.length);
    await rm(join(folder, FILE.name));
    await writeFile(join(folder, `${FILE.name}.gz`), gzipSync(CONTENT));
    expect(await readMnistFile(folder, FILE)).toHaveLength(CONTENT.length);
  });

  it('names a wrong file and says what to do', async () => {
    const path = join(folder, `${FILE.name}.gz`);
    await writeFile(path, gzipSync('something else'));
    const refused = expect(readMnistFile(folder, FILE)).rejects;
    await refused.toThrow(path);
    await refused.toThrow('Remove it, and inkdigit download fetches it again.');
  });
});

describe('ensureMnistFile', () => {
  it('downloads what is missing, once, and verifies it', async () => {
    const { url, requests } = await startServer((_, response) => response.end(gzipSync(CONTENT)));
    const settings = { mirrors: [`${url}mnist/`] };
    expect((await ensureMnistFile(folder, FILE, settings)).downloaded).toBe(true);
    expect((await ensureMnistFile(folder, FILE, settings)).downloaded).toBe(false);
    expect(requests.map((request) => request.url)).toEqual([`/mnist/${FILE.name}.gz`]);
    expect(await readdir(folder)).toEqual([`${FILE.name}.gz`]);
  });

  it('does not take what is larger than the file can be', async () => {
    const { url, requests } = await startServer((_, response) => response.end(noiseOf(5000)));
    const failing = ensureMnistFile(folder, FILE, { mirrors: [url] });
    await expect(failing).rejects.toThrow(/announces 5000 bytes; expected at most 1036\n/);
    expect(requests).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says so where its folder is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(ensureMnistFile(join(folder, 'file'), FILE)).rejects.toThrow(
      /^Cannot read .*file\/labels-idx1-ubyte\.gz: what should be its folder is a file\.$/,
    );
  });

  it('keeps nothing of a server that sends something else', async () => {
    const { url } = await startServer((_, response) => response.end(gzipSync('not it')));
    await expect(ensureMnistFile(folder, FILE, { mirrors: [url] })).rejects.toMatchObject({
      code: 'download_failed',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('never replaces a file that is another one', async () => {
    const { url, requests } = await startServer((_, response) => response.end(gzipSync(CONTENT)));
    await writeFile(join(folder, FILE.name), idxFile([3], new Uint8Array(3)));
    await expect(ensureMnistFile(folder, FILE, { mirrors: [url] })).rejects.toMatchObject({
      code: 'invalid_data',
    });
    expect(requests).toHaveLength(0);
  });
});

describe('where loadMnist looks', () => {
  it('asks for what a named folder lacks, and downloads nothing', async () => {
    const { url, requests } = await startServer((_, response) => response.end());
    for (const named of [{ dataDir: folder, env: {} }, { env: { MNIST_DATA_DIR: folder } }]) {
      const refused = expect(loadMnist({ ...named, mirrors: [url] })).rejects;
      await refused.toMatchObject({ code: 'missing_file' });
      await refused.toThrow(folder);
      await refused.toThrow('train-images-idx3-ubyte');
      await refused.toThrow(`inkdigit download --data-dir ${folder}`);
    }
    expect(requests).toHaveLength(0);
  });

  it('takes the folder that the caller names before that of the environment', async () => {
    const env = { MNIST_DATA_DIR: '/from/the/environment' };
    await expect(loadMnistPart('test', { dataDir: folder, env })).rejects.toThrow(folder);
  });

  it('downloads into the cache folder when no folder is named', async () => {
    const { url, requests } = await startServer((_, response) => response.writeHead(404).end());
    const settings = {
      env: { XDG_CACHE_HOME: folder, MNIST_DATA_DIR: '' },
      mirrors: [`${url}a/`, `${url}b/`],
    };
    await expect(loadMnistPart('test', settings)).rejects.toMatchObject({ code: 'download_failed' });
    const name = 't10k-images-idx3-ubyte.gz';
    expect(requests.map((request) => request.url)).toEqual([`/a/${name}`, `/b/${name}`]);
    expect(existsSync(join(folder, 'inkdigit'))).toBe(true);
  });
});

describe.skipIf(!existsSync(REAL_DATA))('the real MNIST', () => {
  it('loads both halves with their digests', async () => {
    const { train, test, digests } = await loadMnist({ dataDir: REAL_DATA });
    expect([train.frames.count, train.labels.length]).toEqual([60_000, 60_000]);
    expect([test.frames.count, test.labels.length]).toEqual([10_000, 10_000]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(Object.keys(digests)).toHaveLength(4);
  });

  it('finds files in the cache folder, and loads one half alone', async () => {
    await mkdir(join(folder, 'inkdigit'));
    const names = ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'];
    for (const name of names) await copyFile(join(REAL_DATA, name), join(folder, 'inkdigit', basename(name)));
    const { data, digests } = await loadMnistPart('test', { env: { XDG_CACHE_HOME: folder }, mirrors: [] });
    expect(data.labels).toHaveLength(10_000);
    expect(Object.keys(digests)).toHaveLength(2);
  });
});
