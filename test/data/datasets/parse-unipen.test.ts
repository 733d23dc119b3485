import { expect, it } from 'vitest';
import { parseUnipen } from '../../../src/data/datasets/parse-unipen.js';
import { bytesOf, errorOf } from './made-files.js';

const digit = {
  label: 4,
  contributor: 'gmd',
  writer: 118,
  strokes_y_up: [
    [
      [0, 5],
      [1, 7],
    ],
    [[2, 2]],
  ],
};

it('reads a digit a line, its y turned downwards', () => {
  const lines = [digit, { ...digit, label: 0, writer: 'b' }].map((each) => JSON.stringify(each));
  for (const end of ['', '\n']) {
    expect(parseUnipen(bytesOf(lines.join('\n') + end), 'it')).toEqual([
      {
        label: 4,
        writer: 'gmd-118',
        strokes: [
          [
            [0, -5],
            [1, -7],
          ],
          [[2, -2]],
        ],
      },
      {
        label: 0,
        writer: 'gmd-b',
        strokes: [
          [
            [0, -5],
            [1, -7],
          ],
          [[2, -2]],
        ],
      },
    ]);
  }
});

it.each([
  ['what is no JSON', '{"label": 4,', 'what cannot be read'],
  ['what is no object', 'null', 'expected a JSON object'],
  [
    'a label that is no digit',
    JSON.stringify({ ...digit, label: 10 }),
    'expected a label from 0 to 9, got 10',
  ],
  ['a missing label', JSON.stringify({ ...digit, label: undefined }), 'expected a label from 0 to 9'],
  ['a missing writer', JSON.stringify({ ...digit, writer: null }), 'expected a contributor and a writer'],
  ['no strokes', JSON.stringify({ ...digit, strokes_y_up: [] }), 'expected strokes of points'],
  ['an empty stroke', JSON.stringify({ ...digit, strokes_y_up: [[]] }), 'expected strokes of points'],
  ['a point of three numbers', JSON.stringify({ ...digit, strokes_y_up: [[[1, 2, 3]]] }), 'expected strokes'],
  ['a point of words', JSON.stringify({ ...digit, strokes_y_up: [[['a', 2]]] }), 'expected strokes'],
  [
    'points without end',
    JSON.stringify({ ...digit, strokes_y_up: [Array.from({ length: 20_001 }, () => [0, 0])] }),
    '20000 points at most',
  ],
])('refuses %s, and names the line', (_, line, message) => {
  const error = errorOf(() => parseUnipen(bytesOf(`${JSON.stringify(digit)}\n${line}\n`), 'a.jsonl'));
  expect(error.code).toBe('invalid_data');
  expect(error.message).toContain('a.jsonl, line 2: ');
  expect(error.message).toContain(message);
});
