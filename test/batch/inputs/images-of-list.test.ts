import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ParquetWriter, ByteWriter } from 'hyparquet-writer';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { FrameFiles } from '../../../src/batch/readers/frame-files.js';
import { findInputs } from '../../../src/batch/inputs/find-inputs.js';
import { imagesOfList } from '../../../src/batch/inputs/images-of-list.js';
import { namesOfFrames, type FoundImage } from '../../../src/batch/plan/found-image.js';
import { WHOLE, type Shard } from '../../../src/batch/plan/shard.js';
import { FRAME_PIXELS } from '../../../src/image/frame.js';
import { idxFile, testFolder, testPlaces, writeIdx } from '../../helpers/programs/batches.js';

interface Asked {
  readonly shard?: Shard;
  readonly done?: number;
  readonly asPictures?: boolean;
  readonly stdin?: Uint8Array;
}

/** Each image one by one, frames as the number of their first pixel. */
async function imagesIn(
  inputs: readonly string[],
  { shard = WHOLE, done = 0, asPictures = false, stdin }: Asked = {},
): Promise<{ name: string; content: FoundImage['content'] | number }[]> {
  const places = testPlaces(stdin ? [stdin.subarray(0, 700), stdin.subarray(700)] : []);
  const listed = { entries: findInputs(inputs, places), places, shard, done, asPictures };
  const all: { name: string; content: FoundImage['content'] | number }[] = [];
  const files = new FrameFiles();
  try {
    for await (const found of imagesOfList({ ...listed, meter: { images: 0, bytes: 0 } })) {
      if (found.kind === 'image') all.push({ name: found.name, content: found.content });
      else {
        const pixels = await files.pixelsOf([found]);
        for (const [i, name] of namesOfFrames([found]).entries())
          all.push({ name, content: pixels[i * FRAME_PIXELS] ?? -1 });
      }
    }
  } finally {
    files.close();
  }
  return all;
}

/** An archive as WebDataset has them. */
async function tarFile(count: number): Promise<Uint8Array> {
  const members = Array.from({ length: count }, (_, i) => {
    const key = String(i).padStart(6, '0');
    return [
      { header: { name: `./${key}.png`, size: 900 }, body: new Uint8Array(900).fill(i) },
      { header: { name: `./${key}.cls`, size: 1 }, body: '7' },
    ];
  });
  return packTar([{ header: { name: './', type: 'directory' as const, size: 0 } }, ...members.flat()]);
}

function parquetFile(images: readonly (Uint8Array | null)[], groupRows: number): Uint8Array {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'label', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      { name: 'scan', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    ],
  });
  const columnData = [
    { name: 'label', data: images.map(() => '7') },
    { name: 'scan', data: [...images] },
  ];
  void parquet.write({ columnData, rowGroupSize: groupRows });
  void parquet.finish();
  return writer.getBytes();
}

const inOneFile = async (name: string, bytes: Uint8Array): Promise<string> => {
  const path = join(testFolder(), name);
  writeFileSync(path, bytes);
  return path;
};

describe('images of containers', () => {
  it('are those of IDX files, packed or not, from any place on', async () => {
    const path = writeIdx(testFolder(), 'a.idx', 1234);
    const packed = await inOneFile('a.idx.gz', gzipSync(idxFile(1234)));
    for (const input of [path, packed]) {
      for (const done of [0, 1, 512, 1233, 1234]) {
        const expected = Array.from({ length: 1234 - done }, (_, i) => {
          return { name: `${input}#${done + i}`, content: (done + i) % 251 };
        });
        expect(await imagesIn([input], { done })).toEqual(expected);
      }
    }
    const piped = await imagesIn(['-'], { stdin: idxFile(900), done: 600 });
    expect(piped.map(({ name }) => name)).toEqual(Array.from({ length: 300 }, (_, i) => `-#${600 + i}`));
  });

  it('are pictures of any size, frames only of one', async () => {
    const path = await inOneFile('a.idx', idxFile(3, 5));
    const [first, , third] = await imagesIn([path]);
    expect(first).toMatchObject({ name: `${path}#0`, content: { plane: { width: 5, height: 5 } } });
    expect(third?.content).toMatchObject({
      plane: { data: Uint8Array.from(idxFile(3, 5).subarray(16 + 50)) },
    });
    const frames = await inOneFile('b.idx', idxFile(2));
    expect(await imagesIn([frames], { asPictures: true })).toMatchObject([
      { content: { plane: { width: 28, height: 28 } } },
      { content: { plane: { width: 28, height: 28 } } },
    ]);
  });

  it('are the members of tar archives that have the names of images', async () => {
    const bytes = await tarFile(5);
    const path = await inOneFile('a.tar', bytes);
    const packed = await inOneFile('a.tar.gz', gzipSync(bytes));
    for (const [input, asked] of [
      [path, {}],
      [packed, {}],
      ['-', { stdin: bytes }],
    ] as const) {
      const images = await imagesIn([input], asked);
      expect(images.map(({ name }) => name)).toEqual([0, 1, 2, 3, 4].map((i) => `${input}/00000${i}.png`));
      for (const [i, { content }] of images.entries()) {
        expect(Buffer.from((content as { bytes: Uint8Array }).bytes)).toEqual(Buffer.alloc(900, i));
      }
    }
    expect((await imagesIn([path], { done: 3 })).map(({ name }) => name.at(-5))).toEqual(['3', '4']);
  });

  it('are the rows of Parquet files', async () => {
    const rows = Array.from({ length: 23 }, (_, i) => (i === 4 ? null : Uint8Array.of(i, 1, 2)));
    const path = await inOneFile('a.parquet', parquetFile(rows, 10));
    const images = await imagesIn([path]);
    expect(images.map(({ name }) => name)).toEqual(rows.map((_, i) => `${path}#${i}`));
    expect(images[22]?.content).toEqual({ bytes: Uint8Array.of(22, 1, 2) });
    expect(images[4]?.content).toMatchObject({ fault: { code: 'invalid_data' } });
    expect((await imagesIn([path], { done: 15 })).map(({ name }) => name)).toEqual(
      rows.slice(15).map((_, i) => `${path}#${15 + i}`),
    );
  });

  it('belong to one shard each, and are passed over within it', async () => {
    const folder = testFolder();
    const tar = join(folder, 'a.tar');
    writeFileSync(tar, await tarFile(40));
    const parquet = join(folder, 'a.parquet');
    const rows = Array.from({ length: 40 }, () => Uint8Array.of(1));
    writeFileSync(parquet, parquetFile(rows, 16));
    const inputs = [writeIdx(folder, 'a.idx', 700), tar, parquet];
    const whole = await imagesIn(inputs);
    const shards = await Promise.all(
      [0, 1, 2].map((index) => imagesIn(inputs, { shard: { index, count: 3 } })),
    );
    const names = shards.flat().map(({ name }) => name);
    expect(names.toSorted()).toEqual(whole.map(({ name }) => name).toSorted());
    for (const [index, shard] of shards.entries()) {
      for (const done of [1, 100, shard.length - 20]) {
        expect(await imagesIn(inputs, { shard: { index, count: 3 }, done })).toEqual(shard.slice(done));
      }
    }
  });

  it('end with what is wrong where a file is damaged, after those before', async () => {
    const folder = testFolder();
    const idx = writeIdx(folder, 'a.idx', 10);
    truncateSync(idx, 16 + 7 * 784 + 5);
    await expect(imagesIn([idx])).rejects.toThrow(/announces 10 images, and it ends after 7/);
    const tar = await inOneFile('a.tar', (await tarFile(5)).subarray(0, 4000));
    await expect(imagesIn([tar])).rejects.toMatchObject({ code: 'invalid_data' });
    const packed = await inOneFile('b.idx.gz', gzipSync(idxFile(900)).subarray(0, 2000));
    await expect(imagesIn([packed])).rejects.toThrow(/cannot be unpacked as gzip/);
    const parquet = await inOneFile('a.parquet', parquetFile([Uint8Array.of(1)], 1).fill(0x55, 4, 90));
    await expect(imagesIn([parquet])).rejects.toMatchObject({ code: 'invalid_data' });
    const whole = parquetFile([Uint8Array.of(1)], 1);
    await expect(imagesIn([await inOneFile('b.parquet', whole.subarray(0, 30))])).rejects.toThrow(
      /as Parquet/,
    );
    expect(readFileSync(idx)).toHaveLength(16 + 7 * 784 + 5);
  });
});
