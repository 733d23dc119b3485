import { pick, wholeBetween, type Random } from '../src/random.js';
import { mutate, someBytes } from './bytes.js';
import type { Corpus } from './images.js';
import { JSON_TYPE, list, post, type Part } from './messages.js';

// Requests whose JSON is not what it has to be.

/** Values that no image is, as JSON has them. */
const STRANGE_VALUES = [
  '1e999',
  '-0',
  '1e-400',
  '9'.repeat(400),
  '0x10',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
] as const;

/** An image whose base64 is wrong. */
export function base64(random: Random, { good }: Corpus): Part {
  const text = pick(random, good).toString(pick(random, ['base64', 'base64url']));
  const image = pick(random, [
    mutate(Buffer.from(text), random).toString('latin1'),
    `data:image/png;base64,${text}`,
    `data:${'x'.repeat(wholeBetween(random, 0, 400))};base64,${text}`,
    `${text}${'='.repeat(wholeBetween(random, 0, 4))}`,
    text.slice(0, wholeBetween(random, 0, 9)),
    text.replaceAll('A', pick(random, [' ', '\n', 'Ａ', '\0', '%41', '='])),
  ]);
  return post(JSON_TYPE, JSON.stringify({ requests: [{ image }] }), 1);
}

/** JSON that is wrong, odd or deep. */
export function json(random: Random, { good }: Corpus): Part {
  const image = good[0].toString('base64');
  const item = `{"image":"${image}"}`;
  const depth = wholeBetween(random, 1, 60_000);
  const text = pick<Buffer | string>(random, [
    mutate(Buffer.from(`{"requests":[${item},${item}]}`), random),
    `{"requests":[${item}],"__proto__":{"image":1}}`,
    `{"requests":[{"image":"${image}","\\u005f_proto__":{}}]}`,
    `{"constructor":{"prototype":{"a":1}},"requests":[${item}]}`,
    `{"requests":[${item}],"requests":[]}`,
    `{"requests":[{"image":"","image":"${image}"}]}`,
    `{"requests":${'['.repeat(depth)}${']'.repeat(random() < 0.5 ? depth : 0)}}`,
    `${'{"requests":'.repeat(wholeBetween(random, 1, 5_000))}1${'}'.repeat(5_000)}`,
    `{"requests":[${Array.from({ length: wholeBetween(random, 60, 5_000) }, () => '{"image":""}').join()}]}`,
    `{"requests":[{"image":${pick(random, STRANGE_VALUES)}}]}`,
    `\ufeff{"requests":[${item}]}`,
    `{"requests":[{"image":"\\ud800\\u0000"}]} ${' '.repeat(depth)}`,
    pick(random, [
      '',
      ' ',
      'null',
      '[]',
      '"text"',
      '1',
      '{}',
      '{"requests":null}',
      '{"requests":{}}',
      '{"requests":[null,1,"a",[]]}',
    ]),
    Buffer.concat([Buffer.from('{"requests":[{"image":"'), someBytes(random, 40), Buffer.from('"}]}')]),
  ]);
  const type = pick(random, [
    JSON_TYPE,
    JSON_TYPE,
    JSON_TYPE,
    `${JSON_TYPE}; charset=utf-16`,
    'text/json',
    'Application/JSON;',
  ]);
  return post(type, text);
}

/** Any JSON at all, with the right names here and there. */
export function jsonTree(random: Random, { good }: Corpus): Part {
  const grow = (depth: number): unknown => {
    const step = random();
    if (depth > 6 || step < 0.3) {
      return pick<unknown>(random, [good[0].toString('base64'), '', 'text', 0, -1, 1e300, true, false, null]);
    }
    if (step < 0.6) return list(random, 4, () => grow(depth + 1));
    const names = ['requests', 'image', 'toString', 'length', 'constructor', '0', ''] as const;
    return Object.fromEntries(list(random, 3, () => [pick(random, names), grow(depth + 1)]));
  };
  return post(JSON_TYPE, JSON.stringify(random() < 0.7 ? { requests: grow(1) } : grow(0)));
}
