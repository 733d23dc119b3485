import { pick, wholeBetween, type Random } from '../src/random.js';
import { mutate, someBytes } from './bytes.js';
import { someImage, type Corpus } from './images.js';
import { JSON_TYPE, jsonOf, list, post, READ, type Part } from './messages.js';

/** What is right, on its own and together. */
const GOOD_QUERIES = [
  '',
  '?detail=full',
  '?length=2',
  '?minLength=0&maxLength=512',
  '?pattern=dd.dd',
  '?pattern=d%20d%2Fd&reject=0.5',
  '?max=0',
  '?max=999999999999999&lines=1',
  '?cells=3&detail=full',
  '?grid=2x2&reject=1',
] as const;

/** What no number is like, what is no query, and what excludes each other. */
const BAD_QUERIES = [
  'length=0',
  'length=513',
  'length=-1',
  'length=1e3',
  'length=1&length=2',
  'length[]=1',
  'minLength=9&maxLength=2',
  'length=3&pattern=dd',
  'pattern=',
  'pattern=....',
  'pattern=(d%2B)%2B%24',
  'pattern=d%00d',
  'max=1e400',
  'max=9007199254740993',
  'lines=0',
  'cells=0',
  'cells=33',
  'cells=8&grid=9x9',
  'cells=8&length=8',
  'grid=0x0',
  'grid=99x99',
  'grid=9',
  'grid=9x9x9',
  'reject=NaN',
  'reject=2',
  'reject=-0',
  'detail=all',
  '__proto__=1&length=2',
] as const;

/** A good request for a number. */
export function goodNumberRequest(random: Random, { good }: Corpus): Part {
  const images = list(random, 2, () => pick(random, good));
  const path = `${READ}${pick(random, GOOD_QUERIES)}`;
  return { ...post(JSON_TYPE, jsonOf(images), images.length, path), isGood: true };
}

/** A hostile one: by its images, by its query, or by both. */
export function numberRequest(random: Random, corpus: Corpus): Part {
  const query = random() < 0.5 ? pick(random, GOOD_QUERIES) : `?${badQuery(random)}`;
  const image = random() < 0.7 ? someImage(corpus, random) : pick(random, corpus.good);
  if (random() < 0.5) return post('image/png', image, 1, `${READ}${query}`);
  return post(JSON_TYPE, jsonOf([image]), 1, `${READ}${query}`);
}

function badQuery(random: Random): string {
  return pick(random, [
    pick(random, BAD_QUERIES),
    `${pick(random, BAD_QUERIES)}&${pick(random, BAD_QUERIES)}`,
    `pattern=${'d'.repeat(wholeBetween(random, 60, 4_000))}`,
    `length=${'9'.repeat(wholeBetween(random, 1, 400))}`,
    `grid=${'1'.repeat(wholeBetween(random, 1, 40))}x${'1'.repeat(wholeBetween(random, 1, 40))}`,
    // Some of what is mutated has to arrive: as it is, most of it would be no line of HTTP.
    `pattern=${mutate(Buffer.from('dd.dd'), random).toString('hex').replaceAll(/../g, '%$&')}`,
    `reject=%${someBytes(random, 2).toString('hex')}`,
  ]);
}
