import { createRandom, type Random } from './random.js';

/**
 * Everything that is drawn by chance outside the tests, each with the keys that all of its streams begin with: its
 * domain. No domain is the beginning of another, so no two names ever share a stream, whatever seed, epoch or image
 * follows. What is measured, validated or compared with figures of earlier versions keeps its domain for good; where
 * a domain of a training changes, so does the version of its checkpoints (`training/checkpoint/checkpoint.ts`).
 */
export const STREAM_DOMAINS = {
  /** Then the corruption and the image. */
  corruptions: [1, 5],
  /** Non-digits to measure with; then the kind and the picture. */
  measuredOutliers: [1, 7],
  /** Then the seed and the epoch. */
  imageOrder: [2],
  /** Then the epoch and the image: no seed, so that trainings that are compared see the same images. */
  augmentation: [3],
  /** Then the seed, the step, the microbatch and the layer. */
  dropout: [4],
  /** Non-digits to learn from; then the epoch and the image in whose place it is shown. */
  trainedOutliers: [6],
  /** Non-digits to choose epochs and thresholds by; then the picture. */
  chosenByOutliers: [7],
  /** Copies of the validation images, to choose a cascade's confidence by; then the copy. */
  bentCopies: [8],
  /** Then the seed and the tensor. */
  initialWeights: [9],
  /** Channels that are added to a network; then the seed. */
  addedChannels: [26],
  /** Which images of MNIST are saved; then the seed. */
  savedImages: [10],
  /** Numbers to try operators with. */
  operatorProbe: [11],
  /** Then the seed and the request. */
  fuzzing: [12],
  /** Then what the benchmark needs. */
  benchmarks: [13],
  /** Textures and fields that scenes are made with. */
  sceneBanks: [14],
  /** Characters that look like no digit, for scenes; then the part and the character. */
  drawnCharacters: [15],
  /** Digits of this project's pen, for scenes; then the part and the digit. */
  drawnDigits: [18],
  /** Straight ones, for scenes; then the part and the digit. */
  drawnLines: [24],
  /** How wide a digit is that its data set stretched to a square; then the data set's number and the image. */
  glyphAspects: [20],
  /** The pen that writes recorded strokes; then the digit and the rendering. */
  glyphPens: [21],
  /** Pictures to learn from that are made anew; then the seed, the epoch and the picture. */
  trainedScenes: [16],
  /** Such pictures to choose epochs by; then the picture. */
  chosenByScenes: [17],
  /** Such pictures to measure the ranges of activations on; then the picture. */
  calibrationScenes: [22],
  /** Scenes to look at; then the seed and the picture. */
  contactSheet: [23],
  /** Requests of a machine that is simulated; then the round. */
  queueSimulation: [25],
  /** Numbers of held-out writers, to measure with; then the seed and the number. */
  writtenNumbers: [27],
  /** Which of one's own images validate. */
  validationShare: [0x5eed],
} as const satisfies Record<string, readonly [number, ...number[]]>;

/** The stream of a name and its further keys. */
export function randomStream(name: keyof typeof STREAM_DOMAINS, ...keys: readonly number[]): Random {
  return createRandom(...STREAM_DOMAINS[name], ...keys);
}
