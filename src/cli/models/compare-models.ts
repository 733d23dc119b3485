import { InkdigitError } from '../../errors.js';
import { loadMnistPart } from '../../data/mnist/mnist.js';
import { showDownload } from '../../data/download/show-download.js';
import { frameAt } from '../../image/frame.js';
import { contentOf, type ImageContent } from '../../image/picture.js';
import { readImageSyncIfSmall } from '../../image/read-image.js';
import { readContents } from '../../model/digit-models.js';
import type { Reading } from '../../model/readings.js';
import {
  answerOf,
  Comparison,
  probabilityDifference,
  type ComparisonFigures,
} from '../../server/models/comparison.js';
import {
  loadVersion,
  noNetworks,
  type LoadedVersion,
  type OpenNetworks,
} from '../../server/models/held-models.js';
import type { ModelStore } from '../../store/model-store.js';
import { findImageFiles, readInBatches, trueLabelOf } from '../classify/read-files.js';
import type { CommandIo } from '../terminal/command-io.js';
import { createProgressBar } from '../terminal/progress-bar.js';
import { visibleLine } from '../../visible-text.js';
import { storeOf, type StoreCommandOptions } from './store-commands.js';

export interface CompareOptions extends StoreCommandOptions {
  readonly dataDir?: string;
}

/** An image to compare on. */
interface Sample {
  readonly name: string;
  readonly content: ImageContent;
  /** What it shows, where that is known. */
  readonly label: number | null;
}

/** Images that the two versions answered differently, of which this many are named. */
const MOST_NAMED = 20;
const BATCH = 64;

/** `inkdigit models compare` */
export async function compareModels(
  first: number,
  second: number,
  paths: readonly string[],
  options: CompareOptions,
  io: CommandIo,
): Promise<void> {
  const store = storeOf(options);
  const networks = noNetworks();
  const one = await openVersion(store, first, networks);
  try {
    const other = await openVersion(store, second, networks);
    try {
      const tally = new Tally(first, second);
      const samples = paths.length > 0 ? imagesIn(paths, io, tally) : mnistImages(options, io);
      for await (const batch of samples) await compareBatch(one, other, batch, tally);
      report(tally, options, io);
    } finally {
      other.letGo();
    }
  } finally {
    one.letGo();
  }
}

async function openVersion(
  store: ModelStore,
  version: number,
  networks: OpenNetworks,
): Promise<LoadedVersion> {
  const { sha256 } = await store.find(version);
  return loadVersion({ version, sha256 }, await store.openContent(sha256), networks);
}

/** What was found so far. */
class Tally {
  readonly versions: readonly [number, number];
  readonly comparison = new Comparison();
  readonly differing: { readonly name: string; readonly first: string; readonly second: string }[] = [];
  readonly failed: string[] = [];
  labelled = 0;
  readonly correct: [number, number] = [0, 0];
  /** The largest |dp|. */
  largest = 0;

  constructor(first: number, second: number) {
    this.versions = [first, second];
  }

  add({ name, label }: Sample, first: Reading, second: Reading): void {
    this.comparison.add(first, second);
    this.largest = Math.max(this.largest, probabilityDifference(first, second));
    if (answerOf(first) !== answerOf(second)) {
      this.differing.push({ name, first: inWords(first), second: inWords(second) });
    }
    if (label === null) return;
    this.labelled += 1;
    if (first.class === label) this.correct[0] += 1;
    if (second.class === label) this.correct[1] += 1;
  }
}

function inWords(reading: Reading): string {
  return `${answerOf(reading)} (${reading.probability.toFixed(3)})`;
}

async function compareBatch(
  one: LoadedVersion,
  other: LoadedVersion,
  batch: readonly Sample[],
  tally: Tally,
): Promise<void> {
  const contents = batch.map(({ content }) => content);
  const ofOne = await readContents(one, contents);
  const ofOther = await readContents(other, contents);
  batch.forEach((sample, i) => {
    const [first, second] = [ofOne[i]?.reading, ofOther[i]?.reading];
    if (first && second) tally.add(sample, first, second);
  });
}

async function* imagesIn(
  paths: readonly string[],
  io: CommandIo,
  tally: Tally,
): AsyncGenerator<readonly Sample[]> {
  const files = await findImageFiles(paths);
  if (files.length === 0) throw new InkdigitError('missing_file', `No images in ${paths.join(', ')}.`);
  for await (const batch of readInBatches(files, BATCH, io)) {
    const samples: Sample[] = [];
    for (const content of batch) {
      try {
        if ('error' in content) throw new InkdigitError('missing_file', content.error);
        const { file, bytes } = content;
        samples.push({ name: file, content: await readImageSyncIfSmall(bytes), label: trueLabelOf(file) });
      } catch (thrown) {
        if (!(thrown instanceof InkdigitError)) throw thrown;
        tally.failed.push(`${content.file}: ${thrown.message}`);
      }
    }
    yield samples;
  }
}

async function* mnistImages({ dataDir }: CompareOptions, io: CommandIo): AsyncGenerator<readonly Sample[]> {
  const bar = createProgressBar(io.stderr);
  const { data } = await loadMnistPart('test', { dataDir, onProgress: showDownload(bar) });
  bar.finish();
  const { frames, labels } = data;
  for (let from = 0; from < frames.count; from += BATCH) {
    const count = Math.min(BATCH, frames.count - from);
    yield Array.from({ length: count }, (_, i) => ({
      name: `test image ${from + i}`,
      content: contentOf(frameAt(frames, from + i)),
      label: labels[from + i] ?? null,
    }));
  }
}

function report(tally: Tally, { json = false }: CompareOptions, io: CommandIo): void {
  const { versions, comparison, differing, failed, labelled, correct, largest } = tally;
  const { figures } = comparison;
  const { compared, agreed, disagreements } = figures;
  const accuracies = labelled > 0 ? correct.map((right) => right / labelled) : null;
  if (json) {
    const document = {
      versions,
      compared,
      agreed,
      agreement: compared > 0 ? agreed / compared : null,
      meanProbabilityDifference: meanDifference(figures),
      largestProbabilityDifference: largest,
      disagreements,
      differing,
      labelled,
      accuracies,
      failed,
    };
    io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    const [first, second] = versions;
    const share = compared > 0 ? ` (${((100 * agreed) / compared).toFixed(2)} %)` : '';
    io.stdout.write(`versions ${first} and ${second} agree on ${agreed} of ${compared} images${share}\n`);
    io.stdout.write(
      `|dp| of the digit that ${first} reads: mean ${(meanDifference(figures) ?? 0).toFixed(5)}, ` +
        `largest ${largest.toFixed(5)}\n`,
    );
    if (accuracies) {
      versions.forEach((version, i) => {
        const percent = (100 * (accuracies[i] ?? 0)).toFixed(2);
        io.stdout.write(
          `version ${version}: ${correct[i]} of ${labelled} correctly classified (${percent} %)\n`,
        );
      });
    }
    for (const { name, first: one, second: other } of differing.slice(0, MOST_NAMED)) {
      io.stdout.write(`${visibleLine(name)}: ${first} says ${one}, ${second} says ${other}\n`);
    }
    const rest = differing.length - MOST_NAMED;
    if (rest > 0) io.stdout.write(`and ${rest} more; --json lists all\n`);
  }
  for (const line of failed) io.stderr.write(`inkdigit: ${visibleLine(line)}\n`);
  if (failed.length > 0) io.exitCode = 1;
}

function meanDifference({ compared, probabilityDifference: sum }: ComparisonFigures): number | null {
  return compared > 0 ? sum / compared : null;
}
