import { InkdigitError } from '../../errors.js';
import type { ImageContent } from '../../image/picture.js';
import { readContents, type DigitModels } from '../../model/digit-models.js';
import type { NetworkSource } from '../../store/version-files.js';
import { goldenFrames, goldenPictures, type GoldenImage } from './golden-images.js';
import { loadVersion, noNetworks, picturesKey, type LoadedVersion, type VersionRef } from './held-models.js';
import type { CheckLimits } from './store-settings.js';

/** What was found of a version that may serve. */
export interface CheckReport {
  /** Golden images, and how many of them were classified correctly. */
  readonly images: number;
  readonly correct: number;
  /** Processor time of one frame in a full batch. */
  readonly microsecondsAFrame: number;
  /** As a multiple of the version that serves; `null` where none does. */
  readonly slowdown: number | null;
}

/** Of a process, in microseconds; `process.cpuUsage` in sum. Other work on the machine takes none of it. */
export type ProcessorClock = () => number;

const processorMicroseconds: ProcessorClock = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/**
 * Opens a version, gives it the golden images and times it. Networks of pictures that answer requests already, as they
 * are those of the version that serves too, were tried with that one.
 * @param serving what it is compared with
 * @throws InkdigitError `invalid_model` that says why it may not serve
 */
export async function checkVersion(
  ref: VersionRef,
  networks: NetworkSource,
  serving: readonly [VersionRef, NetworkSource] | null,
  limits: CheckLimits,
  clock: ProcessorClock = processorMicroseconds,
): Promise<CheckReport> {
  const open = noNetworks();
  const isOfFrames = serving !== null && picturesKey(networks) === picturesKey(serving[1]);
  const toTry = (all: NetworkSource): NetworkSource => (isOfFrames ? framesOnly(all) : all);
  const candidate = await loadVersion(ref, toTry(networks), open);
  try {
    requireThreshold(ref, candidate);
    const frames = goldenFrames();
    const found = await checkGolden(ref, candidate, frames, limits);
    const served = serving && (await loadVersion(serving[0], toTry(serving[1]), open));
    try {
      return { ...found, ...(await checkSpeed(candidate, served, frames, limits, clock)) };
    } finally {
      served?.letGo();
    }
  } finally {
    candidate.letGo();
  }
}

function framesOnly(networks: NetworkSource): NetworkSource {
  return {
    sha256Of: (role) => (role === 'model' ? networks.sha256Of(role) : undefined),
    read: (role) => networks.read(role),
  };
}

/** Cards write thresholds in few digits. */
const THRESHOLD_TOLERANCE = 1e-3;

function requireThreshold(ref: VersionRef, { card: { digitThreshold }, classifier }: LoadedVersion): void {
  if (digitThreshold === undefined) return;
  if (Math.abs(digitThreshold - classifier.digitThreshold) <= THRESHOLD_TOLERANCE) return;
  throw refused(
    ref,
    `its model has the digit threshold ${classifier.digitThreshold}, its card ${digitThreshold}`,
  );
}

async function checkGolden(
  ref: VersionRef,
  models: DigitModels,
  frames: readonly GoldenImage[],
  { goldenAccuracy }: CheckLimits,
): Promise<Pick<CheckReport, 'images' | 'correct'>> {
  const sets: (readonly [name: string, images: readonly GoldenImage[]])[] = [['frames', frames]];
  if (models.pictures) sets.push(['pictures', goldenPictures()]);
  let [images, correct] = [0, 0];
  for (const [name, golden] of sets) {
    const right = await correctlyClassified(ref, models, golden);
    if (right < goldenAccuracy * golden.length) {
      throw refused(
        ref,
        `it classifies ${right} of ${golden.length} drawn ${name} correctly; expected at least ` +
          `${Math.ceil(goldenAccuracy * golden.length)} (--golden-accuracy ${goldenAccuracy})`,
      );
    }
    images += golden.length;
    correct += right;
  }
  return { images, correct };
}

async function correctlyClassified(
  ref: VersionRef,
  models: DigitModels,
  golden: readonly GoldenImage[],
): Promise<number> {
  const read = await readContents(
    models,
    golden.map(({ content }) => content),
  );
  return read.filter(({ reading }, i) => {
    const isProbability = (value: number): boolean => value >= 0 && value <= 1;
    if (!reading.probabilities.every(isProbability)) {
      throw refused(ref, `it answers with what is no probability (${reading.probabilities.join(', ')})`);
    }
    return reading.digit && reading.class === golden[i]?.digit;
  }).length;
}

const BATCH = 64;
/** Rounds in turn; the least time of each counts, as whatever disturbs only adds to it. */
const ROUNDS = 9;
const RUNS_A_ROUND = 2;
const PICTURES = 4;

async function checkSpeed(
  candidate: LoadedVersion,
  serving: LoadedVersion | null,
  frames: readonly GoldenImage[],
  { maxSlowdown }: CheckLimits,
  clock: ProcessorClock,
): Promise<Pick<CheckReport, 'microsecondsAFrame' | 'slowdown'>> {
  const batch = Array.from({ length: BATCH }, (_, i) => frames[i % frames.length]?.content ?? []).flat();
  const [own = NaN, others = NaN] = await leastTimes([candidate, serving], batch, clock);
  const microsecondsAFrame = own / BATCH;
  if (!serving) return { microsecondsAFrame, slowdown: null };
  let slowdown = own / others;
  requireSpeed(candidate.ref, 'frames', slowdown, maxSlowdown);
  // Versions that share these networks take the same time.
  if (candidate.pictures && serving.pictures && candidate.pictures !== serving.pictures) {
    const pictures = goldenPictures().map(({ content }) => content);
    const [one = NaN, other = NaN] = await leastTimes(
      [candidate, serving],
      pictures.slice(0, PICTURES),
      clock,
    );
    requireSpeed(candidate.ref, 'pictures', one / other, maxSlowdown);
    slowdown = Math.max(slowdown, one / other);
  }
  return { microsecondsAFrame, slowdown };
}

/** Microseconds of each for all the images once. */
async function leastTimes(
  models: readonly (LoadedVersion | null)[],
  images: readonly ImageContent[],
  clock: ProcessorClock,
): Promise<number[]> {
  const least = models.map(() => Infinity);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, one] of models.entries()) {
      if (!one) continue;
      const before = clock();
      for (let run = 0; run < RUNS_A_ROUND; run++) await readContents(one, images);
      const took = (clock() - before) / RUNS_A_ROUND;
      // The first round compiles and allocates what later ones use again.
      if (round > 0) least[i] = Math.min(least[i] ?? Infinity, took);
    }
  }
  return least;
}

function requireSpeed(ref: VersionRef, what: string, slowdown: number, maxSlowdown: number): void {
  if (slowdown <= maxSlowdown) return;
  throw refused(
    ref,
    `it takes ${slowdown.toFixed(2)} times the processor time for ${what} of the version that serves; expected at ` +
      `most ${maxSlowdown} times (--max-slowdown)`,
  );
}

function refused({ version }: VersionRef, reason: string): InkdigitError {
  return new InkdigitError('invalid_model', `Version ${version} may not serve: ${reason}.`);
}
