import { decodeImage } from '../../image/decode/decode.js';
import { luma } from '../../image/normalize/luma.js';
import { between, type Random } from '../../random.js';
import { randomStream } from '../../random-streams.js';
import type { SceneGlyphs } from '../../scenes/types.js';
import type { Environment } from '../download/cache-folder.js';
import { FRAME_SIDE } from '../../image/frame.js';
import type { DownloadProgress } from '../download/download-file.js';
import type { LabelledFrames } from '../labelled-frames.js';
import { loadMnistPart } from '../mnist/mnist.js';
import { splitValidation } from '../split.js';
import { cutNumber } from './cut-number.js';
import type { Dataset } from '../datasets/dataset.js';
import { fitMask, GLYPH_SIDE, type InkMask } from './fit-mask.js';
import { GlyphBuilder } from './glyph-builder.js';
import { letterIsOther, omniglotIsOther } from './not-digits.js';
import { paperMask } from './paper-mask.js';
import { RENDERINGS, type LabelledPicture, type OmniglotCharacters } from '../datasets/parse-pictures.js';
import type { LabelledSquares } from '../datasets/parse-squares.js';
import type { PenDigit } from '../datasets/parse-unipen.js';
import { penMask } from './pen.js';
import { datasetsFolder, readDataset } from '../datasets/read-dataset.js';
import { DATASETS, type DatasetName } from '../datasets/registry.js';
import { smoothContour } from './smooth-contour.js';
import {
  inLastSixth,
  omniglotValidates,
  optdigitsValidates,
  semeionValidates,
  writerValidates,
} from './splits.js';

/** The data sets that glyphs can be made of. */
export const GLYPH_DATASETS = [
  'mnist',
  'unipen',
  'semeion',
  'optdigits',
  'paper-digits',
  'register-1850',
  'omniglot',
  'paper-letters',
] as const satisfies readonly DatasetName[];

/** A data set that glyphs can be made of. */
export type GlyphDatasetName = (typeof GLYPH_DATASETS)[number];

/** The label of a glyph that is no digit. */
export const NO_DIGIT = 10;

export interface LoadGlyphsSettings {
  /** Of which data sets; `datasetNames(names, GLYPH_DATASETS)` reads what a user gives. */
  readonly names: readonly GlyphDatasetName[];
  /** The folder of data sets but MNIST; default as `datasetsFolder`. */
  readonly datasetsDir?: string | undefined;
  /** The folder of MNIST; default as `loadMnist`. */
  readonly dataDir?: string | undefined;
  readonly env?: Environment;
  readonly onDownload?: (progress: DownloadProgress) => void;
  /** The registry's data sets, by default; those of which glyphs are made but MNIST. */
  readonly datasets?: Pick<typeof DATASETS, Exclude<GlyphDatasetName, 'mnist'>>;
}

/** Glyphs to make pictures of, and the digests of the files that they came from. */
export interface LoadedGlyphs {
  readonly training: SceneGlyphs;
  readonly validation: SceneGlyphs;
  /** File name -> SHA-256 of its unpacked content. */
  readonly digests: Readonly<Record<string, string>>;
}

/** How often a glyph of each data set is drawn, against one of MNIST. */
const WEIGHTS = { mnist: 1, unipen: 1.1, semeion: 3, optdigits: 1.5, paper: 2, register: 1.5 } as const;

/** Glyphs of both sides of the split. */
class Sides {
  readonly training = new GlyphBuilder();
  readonly validation = new GlyphBuilder();

  side(validates: boolean): GlyphBuilder {
    return validates ? this.validation : this.training;
  }
}

/**
 * Loads glyphs as masks of `GLYPH_SIDE` pixels, split into those to learn from and those to choose by: by writer where
 * writers are known (`splits.ts`), so that no writer is on both sides. Of MNIST only the 60,000 training images are
 * read.
 * @throws InkdigitError as `readDataset` and `loadMnist`
 */
export async function loadGlyphs(settings: LoadGlyphsSettings): Promise<LoadedGlyphs> {
  const { names, dataDir, env = process.env, onDownload, datasets = DATASETS } = settings;
  const folder = datasetsFolder(settings.datasetsDir, env);
  const digits = new Sides();
  const characters = new Sides();
  const letters = new Sides();
  const digests: Record<string, string> = {};
  const read = async <T>(dataset: Dataset<T>): Promise<T> => {
    const { data, digests: own } = await readDataset(dataset, folder);
    Object.assign(digests, own);
    return data;
  };
  for (const name of new Set(names)) {
    switch (name) {
      case 'mnist': {
        const part = await loadMnistPart('train', {
          dataDir,
          env,
          ...(onDownload && { onProgress: onDownload }),
        });
        Object.assign(digests, part.digests);
        const { training, validation } = splitValidation(part.data);
        addFrames(digits.training, training);
        addFrames(digits.validation, validation);
        break;
      }
      case 'unipen':
        addPenDigits(digits, await read(datasets.unipen));
        break;
      case 'semeion':
        addStretched(digits, await read(datasets.semeion), WEIGHTS.semeion, 0, semeionValidates);
        break;
      case 'optdigits': {
        const { tra, tes } = await read(datasets.optdigits);
        addStretched(digits, tra, WEIGHTS.optdigits, 1, optdigitsValidates);
        addStretched(digits, tes, WEIGHTS.optdigits, 2, optdigitsValidates);
        break;
      }
      case 'paper-digits':
        await addPhotos(digits, await read(datasets['paper-digits']), Number, WEIGHTS.paper);
        break;
      case 'register-1850':
        await addNumbers(digits, await read(datasets['register-1850']));
        break;
      case 'omniglot':
        addCharacters(characters, await read(datasets.omniglot));
        break;
      case 'paper-letters': {
        const others = (await read(datasets['paper-letters'])).filter(({ truth }) => letterIsOther(truth));
        await addPhotos(letters, others, () => NO_DIGIT, 1);
        break;
      }
    }
  }
  const scene = (side: 'training' | 'validation'): SceneGlyphs => ({
    digits: digits[side].build(),
    others: balanced(characters[side], letters[side]),
  });
  return { training: scene('training'), validation: scene('validation'), digests };
}

/** Both kinds as often as each other, whichever has more glyphs. */
function balanced(characters: GlyphBuilder, letters: GlyphBuilder): SceneGlyphs['others'] {
  const others = new GlyphBuilder();
  for (const part of [characters, letters]) {
    for (const mask of part.masks()) others.add(mask, NO_DIGIT, 1000 / part.count);
  }
  return others.build();
}

function addFrames(builder: GlyphBuilder, { frames, labels }: LabelledFrames): void {
  const squares = { side: FRAME_SIDE, masks: frames.pixels, labels };
  labels.forEach((label, i) => builder.add(fitMask(squareAt(squares, i)), label, WEIGHTS.mnist));
}

function squareAt({ side, masks }: LabelledSquares, index: number): InkMask {
  const pixels = side * side;
  return { width: side, height: side, data: masks.subarray(index * pixels, (index + 1) * pixels) };
}

/** Pen widths in pixels of the mask: a fine pen and a broad one. */
const PENS = [
  [1.4, 3.6],
  [3.6, 7.5],
] as const;

function addPenDigits(sides: Sides, digits: readonly PenDigit[]): void {
  const hands = new Map<string, number>();
  digits.forEach(({ label, writer, strokes }, i) => {
    const builder = sides.side(writerValidates(writer));
    const hand = hands.get(writer) ?? hands.size;
    hands.set(writer, hand);
    PENS.forEach(([fine, broad], rendering) => {
      const width = between(randomStream('glyphPens', i, rendering), fine, broad);
      builder.add(penMask(strokes, width), label, WEIGHTS.unipen, hand);
    });
  });
}

/** Digits that were stretched to their box: they get back a width such as people write. */
function addStretched(
  sides: Sides,
  squares: LabelledSquares,
  weight: number,
  setNumber: number,
  validates: (row: number, count: number) => boolean,
): void {
  squares.labels.forEach((label, i) => {
    const square = squareAt(squares, i);
    const aspect = plausibleAspect(square, label, randomStream('glyphAspects', setNumber, i));
    // Staircases of 16 or 32 pixels would teach what data set a digit is of.
    const fine = smoothContour(square, Math.ceil(GLYPH_SIDE / square.width));
    sides.side(validates(i, squares.labels.length)).add(fitMask(fine, aspect), label, weight);
  });
}

/** A 1 that fills its box was an upright stroke; one that does not was slanted, or had an upstroke or a foot. */
function plausibleAspect({ data }: InkMask, label: number, random: Random): number {
  if (label !== 1) return between(random, 0.6, 0.8);
  const ink = data.reduce((sum, value) => sum + value, 0) / (255 * data.length);
  return ink > 0.6 ? between(random, 0.1, 0.2) : between(random, 0.25, 0.5);
}

async function addPhotos(
  sides: Sides,
  pictures: readonly LabelledPicture[],
  labelOf: (truth: string) => number,
  weight: number,
): Promise<void> {
  const counts = new Map<string, number>();
  for (const { truth } of pictures) counts.set(truth, (counts.get(truth) ?? 0) + 1);
  const places = new Map<string, number>();
  for (const { truth, bytes } of pictures) {
    const place = places.get(truth) ?? 0;
    places.set(truth, place + 1);
    const mask = paperMask(await grayOf(bytes));
    const builder = sides.side(inLastSixth(place, counts.get(truth) ?? 0));
    builder.add(mask && fitMask(mask), labelOf(truth), weight);
  }
}

/** One clerk wrote all of it; writers of UNIPEN are numbered from 0 on. */
const REGISTER_HAND = 1_000_000;

/** Longer numbers are seldom cut rightly. */
const MOST_DIGITS = 4;

/** The digits of written numbers; the last sixth of the numbers validates. */
async function addNumbers(sides: Sides, numbers: readonly LabelledPicture[]): Promise<void> {
  for (const [i, { truth, bytes }] of numbers.entries()) {
    if (truth.length > MOST_DIGITS) continue;
    const builder = sides.side(inLastSixth(i, numbers.length));
    const masks = cutNumber(await grayOf(bytes), truth.length) ?? [];
    masks.forEach((mask, k) => builder.add(fitMask(mask), Number(truth[k]), WEIGHTS.register, REGISTER_HAND));
  }
}

async function grayOf(bytes: Uint8Array): Promise<InkMask> {
  const { width, height, channels, data } = await decodeImage(bytes, { maxPixels: 1 << 22 });
  if (channels < 3) return { width, height, data: data.filter((_, i) => i % channels === 0) };
  const gray = new Uint8Array(width * height);
  for (let i = 0; i < gray.length; i++) gray[i] = luma(data, i * channels);
  return { width, height, data: gray };
}

function addCharacters(sides: Sides, characters: OmniglotCharacters): void {
  characters.labels.forEach((alphabet, i) => {
    if (!omniglotIsOther(Math.floor(i / RENDERINGS))) return;
    sides.side(omniglotValidates(alphabet, i)).add(fitMask(squareAt(characters, i)), NO_DIGIT, 1);
  });
}
