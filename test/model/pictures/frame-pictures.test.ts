import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packFrames, planeOfFrame, type Frame } from '../../../src/image/frame.js';
import { isFrame } from '../../../src/image/normalize/is-frame.js';
import { contentOf, type ImageContent, type Picture } from '../../../src/image/picture.js';
import type { Raster } from '../../../src/image/raster.js';
import { drawDigit, type DigitStyle } from '../../../src/drawing/draw-digit.js';
import { readContents } from '../../../src/model/digit-models.js';
import type { Finder } from '../../../src/reading/finding.js';
import { createFinder } from '../../../src/model/pictures/finder.js';
import { framePictures, framePicturesBy } from '../../../src/model/pictures/frame-pictures.js';
import type { FramePictures } from '../../../src/reading/content-reading.js';
import type * as ModelPaths from '../../../src/model/model-paths.js';
import { cardPath, pictureModelPaths } from '../../../src/model/model-paths.js';
import { readFrame, readFrameBy } from '../../../src/model/pictures/read-frame.js';
import { encodePng } from '../../helpers/data/digits.js';
import { fakeClassifier } from '../../helpers/models/fake-classifier.js';
import { readWhole } from '../../helpers/data/read-whole.js';
import {
  markedPicture,
  tinyFinder,
  writeTinyPictureModels,
  type Mark,
} from '../../helpers/models/tiny-picture-models.js';

const shipped = vi.hoisted(() => ({ folder: '' }));
vi.mock('../../../src/model/model-paths.js', async (importOriginal) => ({
  ...(await importOriginal<typeof ModelPaths>()),
  shippedModelPath: () => `${shipped.folder}/mnist.onnx`,
}));

let finder: Finder;
let frameThem: FramePictures;
beforeAll(async () => {
  finder = await createFinder(tinyFinder());
  frameThem = framePicturesBy(finder);
});
afterAll(() => finder.close());

function pictureOf({ width, height, data }: Raster): Picture {
  return { gray: { width, height, data }, reduction: 1, width, height };
}

function marked(...marks: readonly (readonly [number, number, Mark])[]): Picture {
  return pictureOf(markedPicture(20, marks));
}

/** A drawing that the tiny finder finds: the cell at its middle is all ink. */
const STYLE: DigitStyle = { width: 120, height: 120, digitSize: 36, penWidth: 8, ink: 230, background: 30 };

/** Rows and columns of the frame that hold ink. */
function extentOf(frame: Frame): { readonly across: number; readonly down: number } {
  const inked = [...frame.keys()].filter((i) => (frame[i] ?? 0) > 128);
  return {
    across: new Set(inked.map((i) => i % 28)).size,
    down: new Set(inked.map((i) => Math.floor(i / 28))).size,
  };
}

describe('pictures made frames', () => {
  it('have what the finder sees, and say where it is', async () => {
    // The marks are a cell wide, a whole or half a cell high.
    const [whole, half] = await frameThem([marked([1, 4, 'both']), marked([3, 0, 'lower'])]);
    expect(whole?.box).toEqual([70, 10, 40, 40]);
    expect(half?.box).toEqual([0, 50, 30, 40]);
    expect(extentOf(whole?.frame ?? new Uint8Array())).toEqual({ across: 20, down: 20 });
    expect(extentOf(half?.frame ?? new Uint8Array())).toEqual({ across: 20, down: 10 });
  });

  it('are those of the digit that is likeliest, and of nothing else in the picture', async () => {
    const [both] = await frameThem([marked([1, 1, 'both'], [4, 4, 'lower'])]);
    const [alone] = await frameThem([marked([1, 1, 'both'])]);
    expect(both?.box).toEqual([10, 10, 40, 40]);
    expect(both?.frame).toEqual(alone?.frame);
  });

  it('are empty where there is nothing', async () => {
    const [blank] = await frameThem([marked()]);
    expect(blank?.frame).toEqual(new Uint8Array(784));
  });

  it('are each its own, however many there are', async () => {
    const pictures = Array.from({ length: 40 }, (_, i) =>
      i % 3 === 0 ? marked([2, 2, 'both']) : marked([2, 2, 'upper']),
    );
    const frames = await frameThem(pictures);
    frames.forEach(({ frame }, i) => expect(extentOf(frame).down).toBe(i % 3 === 0 ? 20 : 10));
    expect(frames).toHaveLength(40);
    expect(await frameThem([])).toEqual([]);
  });
});

describe('a model of frames without networks of pictures beside it', () => {
  it('reads the frames of pictures together with the others, in their order', async () => {
    const own = new Uint8Array(784).fill(9, 0, 1);
    const picture = marked([1, 4, 'both']);
    const contents: ImageContent[] = [
      { kind: 'picture', picture },
      contentOf(own),
      { kind: 'picture', picture },
    ];
    const asked: Frame[] = [];
    const classifier = fakeClassifier();
    const spying = {
      ...classifier,
      probabilities: async (batch: Parameters<typeof classifier.probabilities>[0]) => {
        asked.push(batch.pixels);
        return classifier.probabilities(batch);
      },
    };
    const models = { classifier: spying, framePictures: frameThem };
    const readings = await readContents(models, contents, true);
    const [framed] = await frameThem([picture]);
    const frame = framed?.frame ?? new Uint8Array();
    expect(asked).toEqual([packFrames([frame, own, frame]).pixels]);
    expect(readings.map(({ reading }) => reading.box)).toEqual([
      [70, 10, 40, 40],
      undefined,
      [70, 10, 40, 40],
    ]);
    expect(readings.map(({ input }) => input)).toEqual([frame, own, frame].map(planeOfFrame));
    expect((await readContents(models, contents))[0]?.input).toBeUndefined();
  });
});

describe('readFrame', () => {
  it('takes a frame as it is, a whole picture where nothing is to be found, and else what is found', async () => {
    const [digit] = await frameThem([pictureOf(drawDigit(5, STYLE))]);
    const frame = digit?.frame ?? new Uint8Array();
    expect(isFrame(planeOfFrame(frame))).toBe(true);
    const drawn = await encodePng(drawDigit(5, STYLE));
    const framed = await encodePng({ width: 28, height: 28, channels: 1, data: frame });
    expect(await readFrameBy(frameThem, drawn)).toEqual(frame);
    expect(await readFrameBy(frameThem, drawn, { normalize: 'never' })).toEqual(await readWhole(drawn));
    expect([...(await readFrameBy(frameThem, framed))]).toEqual([...frame]);
    const again = await readFrameBy(frameThem, framed, { normalize: 'always' });
    expect([...again]).not.toEqual([...frame]);
    await expect(readFrameBy(frameThem, drawn, { maxPixels: 100 })).rejects.toMatchObject({
      code: 'too_many_pixels',
    });
  });

  it('needs the finder that ships for pictures alone, says so where it is missing, and opens it once', async () => {
    shipped.folder = mkdtempSync(join(tmpdir(), 'inkdigit-shipped-'));
    const picture = await encodePng(markedPicture(20, [[1, 4, 'both']]));
    await expect(readFrame(picture)).rejects.toMatchObject({
      code: 'missing_file',
      message: expect.stringMatching(
        /^The digit in a picture is found by .*finder\.int8\.onnx: .*normalize: never/,
      ),
    });
    expect(await framePictures([])).toEqual([]);
    expect(await readFrame(picture, { normalize: 'never' })).toHaveLength(784);
    const model = join(shipped.folder, 'mnist.onnx');
    writeTinyPictureModels(model);
    const { finder: path, reader } = pictureModelPaths(model);
    copyFileSync(cardPath(reader), cardPath(path));
    await expect(readFrame(picture)).rejects.toMatchObject({ code: 'invalid_model' });
    writeTinyPictureModels(model);
    expect(extentOf(await readFrame(picture))).toEqual({ across: 20, down: 20 });
    // It stays open.
    rmSync(shipped.folder, { recursive: true });
    expect(extentOf(await readFrame(picture))).toEqual({ across: 20, down: 20 });
  });
});
