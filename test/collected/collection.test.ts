import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Collection, listCollected } from '../../src/collected/collection.js';
import { visitImageFolder } from '../../src/data/image-folder.js';
import { pngOfDigit } from '../helpers/programs/test-app.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-collected-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('Collection', () => {
  it('keeps pictures by label and content, each once, as training takes them', async () => {
    const collection = new Collection(folder, 1e6);
    const seven = await pngOfDigit(7);
    expect(await collection.add('7', seven)).toBe('new');
    expect(await collection.add('7', seven)).toBe('known');
    expect(await collection.add('none', await pngOfDigit(3))).toBe('new');
    expect(readdirSync(join(folder, '7'))).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.png$/)]);
    const [name = ''] = readdirSync(join(folder, '7'));
    expect(readFileSync(join(folder, '7', name)).equals(seven)).toBe(true);
    const read = await visitImageFolder(folder, {}, async () => {});
    expect([...read.labels]).toEqual([7]);
    expect(read.notes.join()).toContain('Passed over 1 image outside the folders of the digits');
  });

  it('gives a picture its last label', async () => {
    const collection = new Collection(folder, 1e6);
    const picture = await pngOfDigit(1);
    await collection.add('7', picture);
    expect(await collection.add('1', picture)).toBe('relabelled');
    expect((await listCollected(folder)).map(({ label }) => label)).toEqual(['1']);
  });

  it('holds no more than it may, and takes pictures alone', async () => {
    const picture = await pngOfDigit(5);
    const collection = new Collection(folder, picture.length);
    await expect(collection.add('5', Buffer.from('text'))).rejects.toMatchObject({ code: 'not_an_image' });
    await collection.add('5', picture);
    await expect(collection.add('6', await pngOfDigit(6))).rejects.toMatchObject({ code: 'collection_full' });
    expect(await collection.add('6', picture)).toBe('relabelled');
    expect(await listCollected(folder)).toHaveLength(1);
  });

  it('takes several at once, one after the other', async () => {
    const pictures = await Promise.all([0, 1, 2, 3, 4].map(pngOfDigit));
    const collection = new Collection(folder, 1e6);
    const added = await Promise.all(
      [...pictures, ...pictures].map((picture) => collection.add('2', picture)),
    );
    expect(added.filter((one) => one === 'new')).toHaveLength(5);
    expect(await listCollected(folder)).toHaveLength(5);
  });
});
