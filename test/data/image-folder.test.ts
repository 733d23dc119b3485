import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFolder } from '../../src/files/list-images.js';
import { loadImageFolder, visitUnlabelledFolder } from '../../src/data/image-folder.js';
import { FRAME_PIXELS, frameAt } from '../../src/image/frame.js';
import { InkdigitError } from '../../src/errors.js';
import type { ReadFrame } from '../../src/image/read-image.js';
import { writeDigitFolder } from '../helpers/data/digit-folder.js';
import {
  drawDigit,
  encodeBmp,
  encodeGif,
  encodeJpeg,
  encodeTiff,
  encodeWebp,
} from '../helpers/data/digits.js';
import { readWhole } from '../helpers/data/read-whole.js';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'inkdigit-folder-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** A folder of its own for a test, with `count` drawn digits. */
async function digitFolder(name: string, count = 20): Promise<string> {
  const folder = join(root, name);
  mkdirSync(folder);
  await writeDigitFolder(folder, count);
  return folder;
}

describe('listFolder', () => {
  it('says in words which folder cannot be read', async () => {
    const [none, file] = [join(root, 'none'), join(root, 'no-folder')];
    writeFileSync(file, '');
    await expect(listFolder(none)).rejects.toMatchObject({
      code: 'missing_file',
      message: `Cannot read the folder ${none}: there is no such folder.`,
    });
    await expect(listFolder(file)).rejects.toMatchObject({
      code: 'missing_file',
      message: expect.stringMatching(/^Cannot read the folder .*no-folder: it is a file, or lies in one\.$/),
    });
  });
});

describe('links in a folder', () => {
  it('are followed, to folders and to files, and none in a circle', async () => {
    const folder = await digitFolder('links', 30);
    const elsewhere = await digitFolder('linked-to', 30);
    // A class, a folder in a class, a file, and two circles.
    renameSync(join(folder, '3'), join(root, 'threes'));
    symlinkSync(join(root, 'threes'), join(folder, '3'));
    symlinkSync(join(elsewhere, '4'), join(folder, '4', 'more'));
    symlinkSync(join(elsewhere, '5', 'img_5.png'), join(folder, '5', 'one more.png'));
    symlinkSync('.', join(folder, '6', 'itself'));
    symlinkSync('../7', join(folder, '7', 'again'));
    const { files, data, digest, notes } = await loadImageFolder(folder, readWhole);
    const of = (digit: number): string[] => files.filter((file) => file.startsWith(`${digit}/`));
    expect(of(3)).toEqual(['3/img_3.png', '3/img_13.png', '3/img_23.png']);
    expect(of(4)).toEqual([
      '4/img_4.png',
      '4/img_14.png',
      '4/img_24.png',
      '4/more/img_4.png',
      '4/more/img_14.png',
      '4/more/img_24.png',
    ]);
    expect(of(5)).toContain('5/one more.png');
    expect([of(6).length, of(7).length]).toEqual([3, 3]);
    expect([files.length, data.labels.length]).toEqual([34, 34]);
    expect([...data.labels].filter((label) => label === 4)).toHaveLength(6);
    expect(notes).toEqual([]);
    // The same images where links are not links.
    const copy = join(root, 'links-copied');
    for (const [i, file] of files.entries()) {
      mkdirSync(join(copy, dirname(file)), { recursive: true });
      writeFileSync(join(copy, file), readFileSync(join(folder, files[i]!)));
    }
    expect((await loadImageFolder(copy, readWhole)).digest).toBe(digest);
  });

  it('bring a folder once, however many lead to it', async () => {
    const folder = await digitFolder('twice', 20);
    symlinkSync('img', join(folder, '1', 'a'));
    mkdirSync(join(folder, '1', 'img'));
    writeFileSync(join(folder, '1', 'img', 'x.png'), '');
    const { images } = await listFolder(join(folder, '1'));
    expect(images.map((path) => relative(folder, path))).toEqual([
      join('1', 'a', 'x.png'),
      join('1', 'img_1.png'),
      join('1', 'img_11.png'),
    ]);
  });

  it('that lead nowhere are named where a digit should be', async () => {
    const folder = await digitFolder('nowhere', 20);
    rmSync(join(folder, '2'), { recursive: true });
    symlinkSync(join(root, 'gone'), join(folder, '2'));
    await expect(loadImageFolder(folder, readWhole)).rejects.toMatchObject({
      code: 'invalid_data',
      message: expect.stringMatching(
        /^Cannot read the folder .*nowhere\/2: it is a file, or a link that leads to none\. Expected one folder/,
      ),
    });
  });

  it('and pipes that are named as images are passed over, not waited for', async ({ skip }) => {
    const folder = await digitFolder('pipe', 20);
    if (spawnSync('mkfifo', [join(folder, '1', 'pipe.png')]).status !== 0) return skip('there is no mkfifo');
    const { files, notes } = await loadImageFolder(folder, readWhole);
    expect(files).toHaveLength(20);
    expect(notes).toEqual(['Passed over 1 file that is no image, as 1/pipe.png.']);
  });
});

describe('loadImageFolder', () => {
  it('reads every image, digit by digit, in natural order', async () => {
    const folder = await digitFolder('plain', 120);
    const progress: [number, number][] = [];
    const loaded = await loadImageFolder(folder, readWhole, { onProgress: (...at) => progress.push(at) });
    expect(loaded.files.slice(0, 3)).toEqual(['0/img_0.png', '0/img_10.png', '0/img_20.png']);
    expect(loaded.files.indexOf('1/img_101.png')).toBe(22);
    expect(loaded.data.frames.count).toBe(120);
    expect([...loaded.data.labels]).toEqual(Array.from({ length: 120 }, (_, i) => Math.floor(i / 12)));
    for (const [i, file] of loaded.files.entries()) {
      const frame = frameAt(loaded.data.frames, i);
      expect([...frame]).toEqual([...(await readWhole(readFileSync(join(folder, file))))]);
    }
    expect(loaded).toMatchObject({ bad: [], notes: [] });
    expect(progress.at(0)).toEqual([1, 120]);
    expect(progress.at(-1)).toEqual([120, 120]);
  });

  it('says what is to be looked for a digit', async () => {
    const folder = await digitFolder('modes', 2);
    const asked: unknown[] = [];
    const readFrame: ReadFrame = (bytes, options) => {
      asked.push(options?.normalize);
      return readWhole(bytes);
    };
    await loadImageFolder(folder, readFrame);
    await loadImageFolder(folder, readFrame, { normalize: 'never' });
    expect(asked).toEqual(['auto', 'auto', 'never', 'never']);
  });

  it('takes what is no fault of a picture for none, even where bad files are to be skipped', async () => {
    const folder = await digitFolder('no-finder', 3);
    const noFinder = new InkdigitError('missing_file', 'there is no finder');
    const readFrame: ReadFrame = async () => {
      throw noFinder;
    };
    await expect(loadImageFolder(folder, readFrame, { skipBad: true })).rejects.toBe(noFinder);
  });

  it(
    'takes every format of the service, folders below and links, and leaves hidden and other files ' +
      'alone',
    async () => {
      const folder = await digitFolder('formats', 0);
      const digit = drawDigit(3, { width: 60, height: 60 });
      mkdirSync(join(folder, '3', 'scans'), { recursive: true });
      mkdirSync(join(folder, '3', '.thumbs'));
      mkdirSync(join(folder, '.git'));
      writeFileSync(join(folder, '3', 'a.JPG'), await encodeJpeg(digit));
      writeFileSync(join(folder, '3', 'b.jpeg'), await encodeJpeg(digit));
      writeFileSync(join(folder, '3', 'c.gif'), encodeGif(digit));
      writeFileSync(join(folder, '3', 'd.bmp'), encodeBmp(digit));
      writeFileSync(join(folder, '3', 'e.webp'), await encodeWebp(digit));
      writeFileSync(join(folder, '3', 'scans', 'f.tif'), await encodeTiff(digit));
      writeFileSync(join(folder, '3', 'scans', 'g.tiff'), await encodeTiff(digit));
      writeFileSync(join(folder, '3', '.hidden.png'), 'no image');
      writeFileSync(join(folder, '3', '.thumbs', 'a.png'), 'no image');
      writeFileSync(join(folder, '3', 'notes.txt'), 'no image');
      writeFileSync(join(folder, '3', 'scans', 'photo.heic'), 'no image');
      writeFileSync(join(folder, '3', 'scans', 'photo'), 'no image');
      writeFileSync(join(folder, 'README'), 'no image');
      writeFileSync(join(folder, 'sheet.png'), 'no image');
      const elsewhere = await digitFolder('elsewhere', 6);
      symlinkSync(join(elsewhere, '5'), join(folder, '5'));
      const { files, data, notes } = await loadImageFolder(folder, readWhole);
      expect(files).toEqual([
        '3/a.JPG',
        '3/b.jpeg',
        '3/c.gif',
        '3/d.bmp',
        '3/e.webp',
        '3/scans/f.tif',
        '3/scans/g.tiff',
        '5/img_5.png',
      ]);
      expect([...data.labels]).toEqual([3, 3, 3, 3, 3, 3, 3, 5]);
      expect(notes).toEqual([
        'No image shows 0, 1, 2, 4, 6, 7, 8, 9.',
        'Passed over 3 files that are no images, as 3/notes.txt.',
        'Passed over 1 image outside the folders of the digits, as sheet.png.',
      ]);
    },
  );

  it('has a digest that follows names and contents and nothing else', async () => {
    const folder = await digitFolder('digest');
    const digest = async (): Promise<string> =>
      (await loadImageFolder(folder, readWhole, { skipBad: true })).digest;
    const first = await digest();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    writeFileSync(join(folder, '4', 'notes.txt'), 'not looked at');
    writeFileSync(join(folder, '4', 'bad.png'), 'skipped');
    expect(await digest()).toBe(first);
    const [a, b] = [join(folder, '4', 'img_4.png'), join(folder, '4', 'img_14.png')];
    renameSync(a, `${a}.renamed.png`);
    expect(await digest()).not.toBe(first);
    renameSync(`${a}.renamed.png`, a);
    expect(await digest()).toBe(first);
    expect((await loadImageFolder(folder, readWhole, { skipBad: true })).notes).toEqual([
      'Passed over 1 file that is no image, as 4/notes.txt.',
    ]);
    writeFileSync(a, readFileSync(b));
    expect(await digest()).not.toBe(first);
  });

  it('names every file that cannot be read, and goes without them when told to', async () => {
    const folder = await digitFolder('bad');
    const whole = readFileSync(join(folder, '7', 'img_7.png'));
    writeFileSync(join(folder, '7', 'half.png'), whole.subarray(0, whole.length - 30));
    writeFileSync(join(folder, '2', 'text.png'), 'hello');
    writeFileSync(join(folder, '2', 'empty.jpg'), '');
    symlinkSync(join(folder, 'nowhere'), join(folder, '9', 'link.png'));
    await expect(loadImageFolder(folder, readWhole)).rejects.toMatchObject({
      code: 'invalid_data',
      message:
        `4 of the 24 images in ${folder} cannot be read. Repair them, remove them, or go without them ` +
        'with --skip-bad.',
      items: [
        { index: 4, message: expect.stringMatching(/^2\/empty\.jpg: ./) },
        { index: 7, message: expect.stringMatching(/^2\/text\.png: ./) },
        { index: 16, message: expect.stringMatching(/^7\/half\.png: .*(truncated|end|missing)/) },
        { index: 23, message: expect.stringMatching(/^9\/link\.png: there is no such file\.$/) },
      ],
    });
    const { files, bad, data } = await loadImageFolder(folder, readWhole, { skipBad: true });
    expect(bad.map(({ file }) => file)).toEqual(['2/empty.jpg', '2/text.png', '7/half.png', '9/link.png']);
    expect(bad[1]?.message).not.toBe('');
    expect(files.length).toBe(20);
    expect([data.frames.count, data.labels.length, data.frames.pixels.length]).toEqual([
      20,
      20,
      20 * FRAME_PIXELS,
    ]);
    expect(files.map((file) => Number(file[0]))).toEqual([...data.labels]);
  });

  it('names the first ten of many and counts the others, and never goes without all', async () => {
    const folder = await digitFolder('many', 0);
    mkdirSync(join(folder, '1'));
    for (let i = 1; i <= 13; i++) writeFileSync(join(folder, '1', `${i}.png`), 'no image');
    const failure = await loadImageFolder(folder, readWhole, { skipBad: true }).catch(
      (thrown: unknown) => thrown,
    );
    expect(failure).toMatchObject({
      code: 'invalid_data',
      message: `13 of the 13 images in ${folder} cannot be read. Repair or replace them.`,
      items: {
        length: 11,
        9: { message: expect.stringMatching(/^1\/10\.png: /) },
        10: { message: 'and 3 more' },
      },
    });
  });

  it.each([
    ['is not there', () => undefined, 'missing_file', /Cannot read .*: there is no such folder\./],
    [
      'is a file',
      (folder: string) => writeFileSync(folder, ''),
      'missing_file',
      /Cannot read .*: it is a file, or lies in one\. Expected one folder/,
    ],
    [
      'has no folders',
      (folder: string) => {
        mkdirSync(folder);
        writeFileSync(join(folder, '7.png'), '');
        writeFileSync(join(folder, '8.png'), '');
      },
      'invalid_data',
      /has no folders named by digits, only 2 images of which nothing says what they show\./,
    ],
    [
      'has a folder of another name',
      (folder: string) => {
        mkdirSync(join(folder, '7'), { recursive: true });
        mkdirSync(join(folder, 'seven'));
        mkdirSync(join(folder, '10'));
      },
      'invalid_data',
      /10 names no digit \(nor do 1 other folders in .*\)\./,
    ],
    [
      'has no image',
      (folder: string) => {
        mkdirSync(join(folder, '0'), { recursive: true });
        mkdirSync(join(folder, '1'));
        writeFileSync(join(folder, '1', 'notes.txt'), '');
      },
      'invalid_data',
      /There is no image \(\.png .*\.tiff\) in .*0, .*1\./,
    ],
  ])('says what is expected of a folder that %s', async (title, make, code, message) => {
    const folder = join(root, title);
    make(folder);
    const failure = loadImageFolder(folder, readWhole);
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(failure).rejects.toThrow(
      'Expected one folder a digit, named 0 to 9, with image files in it',
    );
  });
});

describe('visitUnlabelledFolder', () => {
  it('gives every image below a folder, in natural order', async () => {
    const folder = await digitFolder('unlabelled', 20);
    writeFileSync(join(folder, 'img_2.png'), readFileSync(join(folder, '3', 'img_3.png')));
    writeFileSync(join(folder, 'notes.txt'), '');
    const images: Uint8Array[] = [];
    const { files, bad, notes } = await visitUnlabelledFolder(folder, {}, async (bytes) => {
      images.push(bytes);
    });
    expect(files).toHaveLength(21);
    expect(files.at(-1)).toBe('img_2.png');
    expect(images).toEqual(files.map((file) => readFileSync(join(folder, file))));
    expect([bad, notes]).toEqual([[], ['Passed over 1 file that is no image, as notes.txt.']]);
  });

  it('refuses a folder without images', async () => {
    const folder = join(root, 'no-images');
    mkdirSync(folder);
    await expect(visitUnlabelledFolder(folder, {}, async () => {})).rejects.toMatchObject({
      code: 'invalid_data',
      message: expect.stringMatching(/^There is no image \(\.png .*\) in .*no-images\.$/),
    });
  });
});
