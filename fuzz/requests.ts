import { wholeBetween, type Random } from '../src/random.js';
import { randomStream } from '../src/random-streams.js';
import { headers, mutatedHttp, pathOrMethod, query, wrongLength } from './http-requests.js';
import { bomb, form, goodRequest, imageAlone, imagesInJson, mutatedForm } from './image-requests.js';
import type { Corpus } from './images.js';
import { inferenceRequest, predictRequest } from './inference-requests.js';
import { base64, json, jsonTree } from './json-requests.js';
import { post, type FuzzRequest, type Part } from './messages.js';
import { goodNumberRequest, numberRequest } from './number-requests.js';

/** How often each kind comes, in relation to the others. */
const KINDS: readonly (readonly [
  kind: string,
  weight: number,
  make: (random: Random, corpus: Corpus) => Part,
])[] = [
  ['good', 3, goodRequest],
  ['a good number', 1, goodNumberRequest],
  ['a number', 6, numberRequest],
  ['images in JSON', 35, imagesInJson],
  ['an image alone', 12, imageAlone],
  ['a form', 12, form],
  ['a form with mutations', 6, mutatedForm],
  ['base64', 8, base64],
  ['JSON', 10, json],
  ['a JSON tree', 6, jsonTree],
  ['an inference', 12, inferenceRequest],
  ['a prediction', 3, predictRequest],
  ['a query', 4, query],
  ['a path or method', 4, pathOrMethod],
  ['headers', 5, headers],
  ['a length', 3, wrongLength],
  ['HTTP', 4, mutatedHttp],
  ['a bomb', 0.04, bomb],
];
/** How many clients leave before their answer: more of those whose picture keeps the decoder busy. */
const LEAVING_SHARE = 0.05;
const LEAVING_SHARE_OF_BOMBS = 0.5;
const LONGEST_STAY_MS = 20;

const TOTAL_WEIGHT = KINDS.reduce((sum, [, weight]) => sum + weight, 0);

/** The request of this number; the same for the same seed. */
export function makeRequest(seed: number, index: number, corpus: Corpus): FuzzRequest {
  const random = randomStream('fuzzing', seed, index);
  let left = random() * TOTAL_WEIGHT;
  const [kind, , make] = KINDS.find(([, weight]) => (left -= weight) < 0) ?? KINDS[0]!;
  const part = make(random, corpus);
  const leaves = random() < (make === bomb ? LEAVING_SHARE_OF_BOMBS : LEAVING_SHARE);
  return leaves ? leavingEarly(kind, part, random) : { kind, ...part, leavesAfterMs: null };
}

/** The same from a client that leaves, half of the time in the middle of what it sends. */
function leavingEarly(kind: string, part: Part, random: Random): FuzzRequest {
  const { length } = part.bytes;
  const sent = random() < 0.5 ? length : wholeBetween(random, 0, length);
  const leavesAfterMs = wholeBetween(random, 0, LONGEST_STAY_MS);
  return { kind, ...part, bytes: part.bytes.subarray(0, sent), leavesAfterMs };
}

/** A good request with one image. */
export function requestOf(image: Buffer): FuzzRequest {
  return { kind: 'good', ...post('image/png', image, 1), isGood: true, leavesAfterMs: null };
}
