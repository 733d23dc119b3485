import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Picture } from '../../../src/image/picture.js';
import type { Raster } from '../../../src/image/raster.js';
import { THUMBNAIL_SIDE } from '../../../src/image/view/sizes.js';
import { pictureModelPaths } from '../../../src/model/model-paths.js';
import {
  createPictureReader,
  openPictureReader,
  pictureReaderBeside,
  type PictureNetworks,
} from '../../../src/model/pictures/picture-reader.js';
import type { PictureReader } from '../../../src/reading/picture-reading.js';
import {
  markedPicture,
  tinyFinder,
  tinyReader,
  writeTinyPictureModels,
  type Mark,
} from '../../helpers/models/tiny-picture-models.js';

function pictureOf({ width, height, data }: Raster, reduction = 1): Picture {
  return { gray: { width, height, data }, reduction, width: width * reduction, height: height * reduction };
}

function marked(...marks: readonly (readonly [number, number, Mark])[]): Picture {
  return pictureOf(markedPicture(20, marks));
}

describe('a reader of pictures', () => {
  let reader: PictureReader;
  beforeAll(async () => {
    reader = await createPictureReader({ finder: tinyFinder(), reader: tinyReader() });
  });
  afterAll(() => reader.close());

  it('reads the digit where the finder sees it, and says where that is', async () => {
    const [four, five] = await reader.read([marked([1, 4, 'upper']), marked([3, 0, 'lower'])]);
    // The finder's boxes are two cells wide, around the middle of the cell; one reaches beyond the picture.
    expect(four?.reading).toMatchObject({ class: 4, digit: true, threshold: 0.5, box: [70, 10, 40, 40] });
    expect(five?.reading).toMatchObject({ class: 5, digit: true, box: [0, 50, 30, 40] });
  });

  it('tells of the box in pixels of the picture, not of its gray plane', async () => {
    const picture = { ...pictureOf(markedPicture(20, [[1, 4, 'upper']]), 3), width: 350, height: 355 };
    const [read] = await reader.read([picture]);
    expect(read?.reading.box).toEqual([210, 30, 120, 120]);
  });

  it('prefers what reads as a digit to what the finder is surer of', async () => {
    const [read] = await reader.read([marked([1, 1, 'both'], [4, 4, 'lower'])]);
    expect(read?.reading).toMatchObject({ class: 5, digit: true, box: [70, 70, 40, 40] });
  });

  it('says that a blank is no digit, having looked at all of it', async () => {
    const [blank] = await reader.read([marked()]);
    expect(blank?.reading.digit).toBe(false);
    const [x, y, width, height] = blank?.reading.box ?? [];
    expect([x, y].every((place) => place !== undefined && place >= 0)).toBe(true);
    expect(width).toBeGreaterThan(0);
    expect(height).toBeGreaterThan(0);
  });

  it('gives each of many pictures its own answer, as it would alone', async () => {
    const pictures = Array.from({ length: 75 }, (_, i) =>
      marked([1 + (i % 4), 1 + ((i * 3) % 4), i % 2 === 0 ? 'upper' : 'lower']),
    );
    const together = await reader.read(pictures);
    expect(together.map(({ reading }) => reading.class)).toEqual(
      pictures.map((_, i) => (i % 2 === 0 ? 4 : 5)),
    );
    const [alone] = await reader.read([pictures[70]!]);
    expect(together[70]?.reading.box).toEqual(alone?.reading.box);
    expect(together[70]?.reading.probability).toBeCloseTo(alone?.reading.probability ?? NaN, 5);
  });

  it('lets others have their turn between two inferences', async () => {
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    await reader.read(Array.from({ length: 200 }, () => marked([2, 2, 'upper'])));
    clearInterval(counting);
    expect(turns).toBeGreaterThan(0);
  });

  it('shows what the reader got, where that is asked for', async () => {
    const [read] = await reader.read([marked([2, 3, 'upper'])], true);
    expect(read?.view).toMatchObject({ width: 64, height: 64 });
    const { data = new Uint8Array() } = read?.view ?? {};
    // The mark's lower edge is the middle of the view.
    expect(data[28 * 64 + 32]).toBeGreaterThan(200);
    expect(data[36 * 64 + 32]).toBeLessThan(100);
    expect((await reader.read([marked([2, 3, 'upper'])]))[0]?.view).toBeUndefined();
  });

  it('reads no pictures at all', async () => {
    expect(await reader.read([])).toEqual([]);
  });

  it('refuses models of another contract, each by its name', async () => {
    await expect(createPictureReader({ finder: tinyReader(), reader: tinyReader() })).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(/^the finder .*\[N,1,96,96\].*\[N,216\]/),
    });
    await expect(createPictureReader({ finder: tinyFinder(), reader: tinyFinder() })).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(/^the reader .*\[N,1,64,64\].*\[N,10 or 11\]/),
    });
    await expect(createPictureReader({ finder: tinyFinder(), reader: tinyReader(7) })).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringContaining('digit_threshold'),
    });
  });
});

describe('a reader of pictures that reads small ones as a whole first', () => {
  const networks = (confidence: number): PictureNetworks => ({
    finder: tinyFinder(),
    reader: tinyReader(),
    thumbnail: tinyReader(confidence, THUMBNAIL_SIDE),
  });
  const small = pictureOf(markedPicture(10, [[1, 2, 'upper']]));

  it('answers by the whole picture where that is sure enough, and by what the finder sees elsewhere', async () => {
    const lax = await createPictureReader(networks(0.5));
    const strict = await createPictureReader(networks(1));
    // The mark is in the second tenth of the picture, and in the fifth of the view around it.
    expect((await lax.read([small]))[0]?.reading).toMatchObject({ class: 1, digit: true, threshold: 0.5 });
    expect((await strict.read([small]))[0]?.reading).toMatchObject({ class: 4, box: [15, 5, 20, 20] });
    await lax.close();
    await strict.close();
  });

  it('gives a box and what the network was shown with details alone, and the same answer', async () => {
    const reader = await createPictureReader(networks(0.5));
    const [plain] = await reader.read([small]);
    const [detailed] = await reader.read([small], true);
    expect(plain?.reading.box).toBeUndefined();
    expect(plain?.view).toBeUndefined();
    expect(detailed?.reading).toEqual({ ...plain?.reading, box: [15, 5, 20, 20] });
    expect(detailed?.view).toMatchObject({ width: 32, height: 32 });
    expect(detailed?.view?.data[32 * 6 + 13]).toBeGreaterThan(200);
    await reader.close();
  });

  it('leaves larger pictures and blank ones to the finder, each in its place', async () => {
    const reader = await createPictureReader(networks(0.5));
    const large = marked([1, 2, 'upper']);
    const blank = pictureOf(markedPicture(10, []));
    const readings = await reader.read([large, small, blank, small]);
    expect(readings.map(({ reading: { digit } }) => digit)).toEqual([true, true, false, true]);
    expect(readings.map((each) => each.reading.class).filter((_, i) => i !== 2)).toEqual([4, 1, 1]);
    await reader.close();
  });

  it('refuses a network of another contract', async () => {
    const others = { ...networks(0.5), thumbnail: tinyReader() };
    await expect(createPictureReader(others)).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(/^the thumbnail reader .*\[N,1,32,32\].*\[N,11\]/),
    });
  });
});

describe('openPictureReader', () => {
  let folder: string;
  let modelPath: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-pictures-'));
    modelPath = join(folder, 'mnist.onnx');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('opens what lies beside a model', async () => {
    writeTinyPictureModels(modelPath);
    const reader = await openPictureReader(modelPath);
    expect((await reader?.read([marked([1, 1, 'lower'])]))?.[0]?.reading.class).toBe(5);
    await reader?.close();
  });

  it('does without, where nothing does', async () => {
    expect(await openPictureReader(modelPath)).toBeUndefined();
  });

  it('refuses one without the other, and a file that is not its card’s', async () => {
    writeTinyPictureModels(modelPath);
    const { finder, reader } = pictureModelPaths(modelPath);
    rmSync(reader);
    await expect(openPictureReader(modelPath)).rejects.toMatchObject({
      code: 'missing_file',
      message: expect.stringContaining(reader),
    });
    writeTinyPictureModels(modelPath);
    writeFileSync(finder, tinyReader());
    await expect(openPictureReader(modelPath)).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringContaining(finder),
    });
  });

  describe('when a picture is first read', () => {
    it('opens what lies beside a model', async () => {
      writeTinyPictureModels(modelPath);
      const reader = pictureReaderBeside(modelPath);
      expect((await reader?.read([marked([1, 1, 'lower'])]))?.[0]?.reading.class).toBe(5);
      expect(reader?.numbers).toBeUndefined();
      await reader?.close();
    });

    it('does without, where nothing does', () => {
      expect(pictureReaderBeside(modelPath)).toBeUndefined();
    });

    it('says what cannot be opened, each time, until it can', async () => {
      writeTinyPictureModels(modelPath);
      const { reader: file } = pictureModelPaths(modelPath);
      rmSync(file);
      const reader = pictureReaderBeside(modelPath);
      for (const _ of [1, 2]) {
        await expect(reader?.read([marked()])).rejects.toMatchObject({ code: 'missing_file' });
      }
      writeTinyPictureModels(modelPath);
      expect(await reader?.read([marked()])).toHaveLength(1);
      await reader?.close();
    });
  });
});
