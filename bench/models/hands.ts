import sharp from 'sharp';
import { cutNumber } from '../../src/data/glyphs/cut-number.js';
import type { InkMask } from '../../src/data/glyphs/fit-mask.js';
import { loadGlyphs, type GlyphDatasetName } from '../../src/data/glyphs/load-glyphs.js';
import type { LabelledPicture } from '../../src/data/datasets/parse-pictures.js';
import { readDataset } from '../../src/data/datasets/read-dataset.js';
import { DATASETS } from '../../src/data/datasets/registry.js';
import { inLastSixth } from '../../src/data/glyphs/splits.js';
import { InkdigitError } from '../../src/errors.js';
import { answersOf } from '../../src/evaluation/answers.js';
import { measure } from '../../src/evaluation/metrics.js';
import { grouped, percent } from '../../src/evaluation/report.js';
import { planePng } from '../../src/image/plane-png.js';
import { readImageSyncIfSmall } from '../../src/image/read-image.js';
import { openDigitModels, readContents, type OpenedModels } from '../../src/model/digit-models.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import type { Reading } from '../../src/model/readings.js';
import { between } from '../../src/random.js';
import { randomStream } from '../../src/random-streams.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';

/** Pictures of one set at most. */
const COUNT = 2000;

/** A picture's file and the digit that it shows. */
interface LabelledFile {
  readonly bytes: Uint8Array;
  readonly label: number;
}

/** `npm run bench -- hands` */
export const handsBenchmark: Benchmark = {
  name: 'hands',
  question: 'How well are digits read that other people wrote?',
  isTimed: false,
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const datasetsDir = folderOf('INKDIGIT_DATASETS_DIR');
  const sets: readonly [name: string, what: string, load: () => Promise<readonly LabelledFile[]>][] = [
    ['unipen', 'pen tablet, US, German and Quebec hands, 48 x 48', () => ofGlyphs('unipen', datasetsDir)],
    ['semeion', 'Italian hands, scanned in black and white', () => ofGlyphs('semeion', datasetsDir)],
    ['optdigits', 'Turkish forms, scanned in black and white', () => ofGlyphs('optdigits', datasetsDir)],
    ['paper-digits', 'pencil and pen on paper, photographed', () => photographed(datasetsDir)],
    ['register-1830', 'cut from numbers of an old register, one hand', () => cutFromNumbers(datasetsDir)],
  ];
  const models = await openDigitModels(model);
  try {
    const rows: string[][] = [];
    for (const [name, what, load] of sets) {
      const all = await load();
      const step = Math.max(1, all.length / (quick ? 10 : COUNT));
      const files = Array.from(
        { length: Math.floor(all.length / step) },
        (_, i) => all[Math.floor(i * step)],
      ).flatMap((file) => file ?? []);
      const { accuracy, accepted } = await readAll(files, models);
      rows.push([name, what, grouped(files.length), percent(accuracy), percent(accepted)]);
    }
    return {
      method:
        'The shipped models on the parts of the data sets that they did not learn from ([Reading ' +
        'pictures](../explanation/pictures.md)): how many are read correctly, and how many are accepted as digits.',
      columns: ['data set', 'what', 'pictures', 'correct', 'accepted'],
      rows,
      notes: [],
    };
  } finally {
    await models.close();
  }
}

function folderOf(variable: string): string {
  const folder = process.env[variable];
  if (folder) return folder;
  throw new InkdigitError(
    'missing_file',
    `Expected ${variable} to name the folder with the data sets; inkdigit download --dataset NAME says how to ` +
      'get each.',
  );
}

async function readAll(
  files: readonly LabelledFile[],
  models: OpenedModels,
): Promise<{ accuracy: number; accepted: number }> {
  const readings: Reading[] = [];
  for (const { bytes } of files) {
    const content = await readImageSyncIfSmall(bytes, { normalize: 'always' });
    readings.push(...(await readContents(models, [content])).map(({ reading }) => reading));
  }
  const { probabilities, passing } = answersOf(readings);
  const { accuracy } = measure(
    probabilities,
    Uint8Array.from(files, ({ label }) => label),
  );
  return { accuracy, accepted: passing / files.length };
}

/** Glyphs of those who validate, white on black. */
async function ofGlyphs(name: GlyphDatasetName, datasetsDir: string): Promise<LabelledFile[]> {
  const { side, masks, labels } = (await loadGlyphs({ names: [name], datasetsDir })).validation.digits;
  const pixels = side * side;
  return Array.from(labels, (label, i) => {
    const data = masks.subarray(i * pixels, (i + 1) * pixels);
    return { bytes: planePng({ width: side, height: side, data }), label };
  });
}

async function photographed(datasetsDir: string): Promise<LabelledFile[]> {
  const { data } = await readDataset(DATASETS['paper-digits'], datasetsDir);
  return lastSixths(data).map(({ bytes, truth }) => ({ bytes, label: Number(truth) }));
}

/** Of each truth the pictures that validate. */
function lastSixths(pictures: readonly LabelledPicture[]): LabelledPicture[] {
  const groups = new Map<string, LabelledPicture[]>();
  for (const picture of pictures) {
    const own = groups.get(picture.truth) ?? [];
    own.push(picture);
    groups.set(picture.truth, own);
  }
  return [...groups.values()].flatMap((own) => own.filter((_, i) => inLastSixth(i, own.length)));
}

/** Digits of written numbers with what lies around them, as somebody would cut them out. */
async function cutFromNumbers(datasetsDir: string): Promise<LabelledFile[]> {
  const { data } = await readDataset(DATASETS['register-1830'], datasetsDir);
  const files: LabelledFile[] = [];
  for (const [index, { bytes, truth }] of data.entries()) {
    if (truth.length > 4) continue;
    const { data: gray, info } = await sharp(bytes)
      .flatten({ background: '#fff' })
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const masks = cutNumber({ width: info.width, height: info.height, data: gray }, truth.length) ?? [];
    for (const [place, mask] of masks.entries()) {
      const random = randomStream('benchmarks', 300, index, place);
      const region = around(mask, () => between(random, 0.08, 0.3));
      if (region)
        files.push({
          bytes: await sharp(bytes).extract(region).png().toBuffer(),
          label: Number(truth[place]),
        });
    }
  }
  return files;
}

/** The box of the ink, with room on each side, as a share of its height. */
function around(
  { width, height, data }: InkMask,
  room: () => number,
): { left: number; top: number; width: number; height: number } | undefined {
  const inked = Array.from(data.keys()).filter((i) => data[i]! >= 128);
  if (inked.length === 0) return undefined;
  const xs = inked.map((i) => i % width);
  const ys = inked.map((i) => Math.floor(i / width));
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const pixels = (): number => Math.round((y1 - y0 + 1) * room());
  const left = Math.max(0, x0 - pixels());
  const top = Math.max(0, y0 - pixels());
  return {
    left,
    top,
    width: Math.min(width, x1 + 1 + pixels()) - left,
    height: Math.min(height, y1 + 1 + pixels()) - top,
  };
}
