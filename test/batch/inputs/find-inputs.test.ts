import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findInputs, type InputPlaces } from '../../../src/batch/inputs/find-inputs.js';
import type { InputEntry } from '../../../src/batch/inputs/input-entry.js';
import { ObjectStore } from '../../../src/batch/inputs/object-store.js';
import { idxFile, testFolder, testPlaces, writeIdx } from '../../helpers/programs/batches.js';
import { startObjectServer } from '../../helpers/surroundings/object-server.js';

async function entriesOf(
  inputs: readonly string[],
  places: InputPlaces = testPlaces(),
): Promise<InputEntry[]> {
  const entries: InputEntry[] = [];
  for await (const entry of findInputs(inputs, places)) entries.push(entry);
  return entries;
}

const image = (path: string): InputEntry => ({ kind: 'image', name: path, path });
const byName = (entries: readonly InputEntry[]): InputEntry[] =>
  entries.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** `a.png`, `b.txt`, `.hidden.png`, `sub/c.JPG`, `sub/deep/d.tiff`, and a link that leads in a circle. */
function scans(): string {
  const folder = testFolder();
  mkdirSync(join(folder, 'sub', 'deep'), { recursive: true });
  for (const name of ['a.png', 'b.txt', '.hidden.png', 'sub/c.JPG', 'sub/deep/d.tiff']) {
    writeFileSync(join(folder, name), 'x');
  }
  symlinkSync(folder, join(folder, 'sub', 'circle'));
  return folder;
}

describe('folders and patterns', () => {
  it('stand for the images in them', async () => {
    const folder = scans();
    const all = ['a.png', 'sub/c.JPG', 'sub/deep/d.tiff'].map((name) => image(join(folder, name)));
    expect(byName(await entriesOf([folder]))).toEqual(all);
    expect(byName(await entriesOf([join(folder, '**/*.{png,tiff}')]))).toEqual([all[0], all[2]]);
    expect(await entriesOf([join(folder, '*', 'c.*')])).toEqual([all[1]]);
    expect(await entriesOf([join(folder, 'a.png')])).toEqual([all[0]]);
  });

  it('are refused where there is nothing', async () => {
    const folder = scans();
    await expect(entriesOf([join(folder, '*.gif')])).rejects.toMatchObject({ code: 'missing_file' });
    await expect(entriesOf([join(folder, 'none.png')])).rejects.toThrow(/none.png: there is no such file/);
    await expect(entriesOf(['http://user:secret@host/a.png'])).rejects.toThrow(
      /^(?!.*secret).*got an address/,
    );
  });

  it('have files whose names look like patterns', async () => {
    const folder = testFolder();
    writeFileSync(join(folder, 'a[1].png'), 'x');
    expect(await entriesOf([join(folder, 'a[1].png')])).toEqual([image(join(folder, 'a[1].png'))]);
  });
});

describe('lists', () => {
  it('have a path or an object in each line', async () => {
    const folder = testFolder();
    const lines = [
      'a.png',
      '',
      '{"file":"sub/b.png","name":"second"}',
      '{"file":"s3://scans/c.png"}\r',
      '/d.png',
      '{"fil":"e.png"}',
      '{"file":',
      'https://host/f.png',
    ];
    const list = join(folder, 'list.jsonl');
    writeFileSync(list, lines.join('\n'));
    const fault = { code: 'invalid_data', message: expect.stringContaining('expected a') };
    const expected = [
      image(join(folder, 'a.png')),
      { kind: 'image', name: 'second', path: join(folder, 'sub/b.png') },
      image('s3://scans/c.png'),
      image('/d.png'),
      { kind: 'fault', name: `${list}:6`, fault },
      { kind: 'fault', name: `${list}:7`, fault },
      { kind: 'fault', name: 'https://host/f.png', fault },
    ];
    expect(await entriesOf([list])).toEqual(expected);
    writeFileSync(join(folder, 'list.gz'), gzipSync(lines.slice(0, 4).join('\n')));
    expect(await entriesOf([join(folder, 'list.gz')])).toEqual(expected.slice(0, 3));
    const piped = testPlaces([Buffer.from('a.png\nb'), Buffer.from('.png')]);
    expect(await entriesOf(['-'], piped)).toEqual([image('a.png'), image('b.png')]);
  });
});

describe('files of many images', () => {
  it('are told by their content', async () => {
    const folder = testFolder();
    const plain = writeIdx(folder, 'x', 3);
    writeFileSync(join(folder, 'y'), gzipSync(idxFile(4)));
    expect(await entriesOf([plain, join(folder, 'y')])).toMatchObject([
      { kind: 'idx', path: plain, images: 3 },
      { kind: 'idx', path: join(folder, 'y'), images: 4 },
    ]);
    expect(await entriesOf(['-'], testPlaces([idxFile(5)]))).toEqual([
      { kind: 'idx', path: '-', stamp: '', images: 5 },
    ]);
  });

  it('are refused where they have no images', async () => {
    const folder = testFolder();
    const labels = join(folder, 'labels');
    writeFileSync(labels, Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, 7]));
    await expect(entriesOf([labels])).rejects.toThrow(/expected an IDX file of pictures.*as labels have/);
    await expect(entriesOf(['-'], testPlaces())).rejects.toThrow(/got nothing/);
    await expect(entriesOf(['-'], testPlaces([Buffer.from([0x89, 0x50, 0])]))).rejects.toThrow(
      /classify --local -/,
    );
    await expect(entriesOf(['-'], testPlaces([Buffer.from('PAR1')]))).rejects.toThrow(/name the file/);
  });
});

describe('addresses of objects', () => {
  it('stand for objects, folders and patterns of them', async () => {
    const { url } = await startObjectServer({
      'scans/1/a.png': Buffer.from('x'),
      'scans/1/b.txt': Buffer.from('x'),
      'scans/2/c.png': Buffer.from('x'),
      'scans/2/d.idx': idxFile(7),
    });
    const places = { ...testPlaces(), objects: new ObjectStore({ AWS_ENDPOINT_URL: url }) };
    const [a, c] = [image('s3://scans/1/a.png'), image('s3://scans/2/c.png')];
    const idx = { kind: 'idx', path: 's3://scans/2/d.idx', images: 7 };
    expect(await entriesOf(['s3://scans/1/', 's3://scans'], places)).toEqual([a, a, c]);
    expect(await entriesOf(['s3://scans/*/*.png'], places)).toEqual([a, c]);
    expect(await entriesOf(['s3://scans/2/*', 's3://scans/2/d.idx'], places)).toMatchObject([c, idx, idx]);
    await expect(entriesOf(['s3://scans/*.gif'], places)).rejects.toThrow(/Nothing matches/);
    await expect(entriesOf(['s3://scans/none.png'], places)).rejects.toMatchObject({ code: 'missing_file' });
  });
});
