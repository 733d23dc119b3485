import { pick, wholeBetween, type Random } from '../src/random.js';
import { mutate, someBytes } from './bytes.js';
import { someImage, type Corpus } from './images.js';
import { JSON_TYPE, message, type Field, type Part } from './messages.js';

/** Requests of the Open Inference Protocol: tensors that do not add up, shapes that cannot be, types that are wrong. */

const MODELS = [
  'digits',
  'frames',
  'numbers',
  'digits/versions/1',
  'digits/versions/9',
  'none',
  '%00',
  '',
] as const;

const LENGTHS = [0, 1, 2, 28, 784, -1, 0.5, 64, 65, 2 ** 31, 2 ** 53, 1e300, null, '1', true] as const;

const DATATYPES = [
  'BYTES',
  'FP32',
  'FP64',
  'UINT8',
  'INT64',
  'FP16',
  'BF16',
  'STRING',
  '__proto__',
  5,
] as const;

const PARAMETERS = [
  {},
  { binary_data_output: true },
  { binary_data_output: 'true' },
  { normalize: 'never' },
  { normalize: 5 },
  { timeout: 1 },
  { timeout: 1e308 },
  { timeout: -1 },
  { __proto__: 1, constructor: 1 },
  [],
  null,
] as const;

const OUTPUTS = [
  undefined,
  [],
  [{ name: 'class' }],
  [{ name: 'probabilities', parameters: { classification: 3 } }],
  [{ name: 'probabilities', parameters: { classification: 1e9, binary_data: true } }],
  [{ name: 'probabilities', parameters: { classification: 'x' } }],
  [{ name: 'class' }, { name: 'class' }],
  [{ name: 'nothing' }],
  [5],
] as const;

/** A request for inference, whose parts are right or not, each by itself. */
export function inferenceRequest(random: Random, corpus: Corpus): Part {
  const model = pick(random, MODELS);
  const image = random() < 0.8 ? pick(random, corpus.good) : someImage(corpus, random);
  const isRaw = random() < 0.1;
  if (isRaw) return sent(model, image, '0');
  const isPacked = random() < 0.5;
  const packed = isPacked ? packedTensor(random, image) : Buffer.alloc(0);
  const content = {
    id: pick(random, [undefined, 'a', 'x'.repeat(2_000), 5]),
    parameters: pick(random, PARAMETERS),
    inputs: inputs(random, image, packed.length, isPacked),
    outputs: pick(random, OUTPUTS),
  };
  const json = Buffer.from(JSON.stringify(content));
  const wrongLength = pick(random, ['-1', '', '1e3', '0x1', String(json.length + 9)]);
  const length = random() < 0.85 ? String(json.length) : wrongLength;
  const body = Buffer.concat([json, packed]);
  const changed = random() < 0.2 ? mutate(body, random) : body;
  return sent(model, changed, isPacked || random() < 0.1 ? length : undefined);
}

/** KServe's first protocol. */
export function predictRequest(random: Random, { good }: Corpus): Part {
  const text = pick(random, good).toString('base64');
  const instances = pick<unknown>(random, [
    [{ b64: text }],
    [text],
    [{ image: { b64: text } }],
    [{ b64: 5 }],
    [[[0.5]]],
    [Array.from({ length: 784 }, () => 1)],
    [Array.from({ length: 28 }, () => Array.from({ length: 28 }, () => random()))],
    { length: 1e9 },
    Array.from({ length: 70 }, () => text.slice(0, 8)),
    null,
  ]);
  const model = pick(random, ['digits', 'frames', 'numbers', 'none']);
  const body = Buffer.from(JSON.stringify({ instances }));
  const bytes = message('POST', `/v1/models/${model}:predict`, [['content-type', JSON_TYPE]], body);
  return { bytes, images: null, isGood: false, isCut: false };
}

function inputs(random: Random, image: Buffer, packedBytes: number, isPacked: boolean): unknown {
  const size = random() < 0.8 ? packedBytes : pick(random, [-1, 0.5, 1e15, 'x', packedBytes + 1]);
  const ofImage = {
    name: pick(random, ['image', 'frame', 'x', 5]),
    datatype: random() < 0.6 ? 'BYTES' : pick<unknown>(random, DATATYPES),
    shape: random() < 0.6 ? [1] : someOf(random, LENGTHS),
    ...(isPacked ? { parameters: { binary_data_size: size } } : { data: dataOf(random, image) }),
  };
  return pick<unknown>(random, [
    [ofImage],
    [ofImage],
    [ofImage],
    [ofImage],
    [ofImage, ofImage],
    [],
    ofImage,
    null,
  ]);
}

function dataOf(random: Random, image: Buffer): unknown {
  return pick<unknown>(random, [
    [image.toString('base64')],
    [[image.toString('base64')]],
    [image.toString('latin1')],
    Array.from({ length: 784 }, () => random()),
    Array.from({ length: 784 }, () => 300),
    [[[[[[[[[[1]]]]]]]]]],
    [null],
    [],
    {},
  ]);
}

/** Elements behind their lengths, some of them wrong. */
function packedTensor(random: Random, image: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(random() < 0.8 ? image.length : pick(random, [0, 1, 0xffffffff, image.length + 1]));
  return random() < 0.85 ? Buffer.concat([length, image]) : someBytes(random, wholeBetween(random, 0, 4_000));
}

function someOf<T>(random: Random, items: readonly [T, ...T[]]): T[] {
  return Array.from({ length: wholeBetween(random, 0, 9) }, () => pick(random, items));
}

function sent(model: string, body: Buffer, jsonLength: string | undefined): Part {
  const fields: Field[] = jsonLength === undefined ? [] : [['inference-header-content-length', jsonLength]];
  return {
    bytes: message('POST', `/v2/models/${model}/infer`, fields, body),
    images: null,
    isGood: false,
    isCut: false,
  };
}
