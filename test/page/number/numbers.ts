import type { PageAnswer, PageNumber } from '../../../page/answers.js';

type Box = readonly [x: number, y: number, width: number, height: number];

/** An answer about one digit. */
export function digitAnswer(digit: number, box?: Box, isDigit = true): PageAnswer {
  const probabilities = Array.from({ length: 10 }, (_, i) => (i === digit ? 0.99 : 0.001));
  const answer = {
    class: digit,
    probability: 0.99,
    probabilities,
    digit: isDigit,
    threshold: 0.5,
    frame: 'data:,',
  };
  return box ? { ...answer, box: [...box] } : answer;
}

interface NumberOptions {
  readonly probabilities?: readonly number[];
  readonly accepted?: boolean;
  readonly boxes?: readonly Box[];
}

/** A number whose digits lie beside each other, 40 wide and 60 high, from x = 20 on; lines 100 below each other. */
export function numberAnswer(
  text: string,
  { probabilities = [], accepted = true, boxes = [] }: NumberOptions = {},
): PageNumber {
  const digits: PageNumber['digits'] = [];
  const lines: PageNumber['lines'] = [];
  text.split('\n').forEach((line, row) => {
    if (line === '') return;
    const from = digits.length;
    for (const [place, mark] of line.split('').entries()) {
      const at = digits.length;
      const box = boxes[at] ?? [20 + 50 * place, 20 + 100 * row, 40, 60];
      const probability = probabilities[at] ?? 0.98;
      const all = Array.from({ length: 10 }, (_, i) => (i === Number(mark) ? probability : 0.001));
      digits.push({ class: Number(mark), probability, box: [...box], probabilities: all });
    }
    lines.push({
      text: line,
      probability: 0.9,
      box: [20, 20 + 100 * row, 40, 60],
      digits: [from, digits.length],
    });
  });
  return { text, probability: accepted ? 0.93 : 0.31, accepted, digits, lines, unread: [], alternatives: [] };
}
