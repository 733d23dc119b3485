import { describe, expect, it } from 'vitest';
import type { PageAnswer, PageNumber } from '../../../page/answers.js';
import type { InkStroke } from '../../../page/ink.js';
import {
  askOfFiles,
  isNumber,
  PictureAsker,
  type DrawnInk,
  type PageReading,
} from '../../../page/number/picture-asker.js';
import type { ReadAs } from '../../../page/number/read-as.js';
import { digitAnswer, numberAnswer } from './numbers.js';

const stroke = (x: number): InkStroke => [
  { x, y: 30, width: 10 },
  { x, y: 80, width: 10 },
];
/** Strokes at 40 and 90: where the two digits of `numberAnswer` lie. */
const twoStrokes: DrawnInk = { strokes: [stroke(40), stroke(90)], isPenDown: false };
const oneStroke: DrawnInk = { strokes: [stroke(40)], isPenDown: false };
const onFirst = [20, 20, 40, 60] as const;

/** A service that notes what it is asked. */
class Service {
  readonly asked: string[] = [];
  one: PageAnswer;
  number: PageNumber;

  constructor(one: PageAnswer, number: PageNumber) {
    this.one = one;
    this.number = number;
  }

  ask(asker: PictureAsker, ink: DrawnInk | null, as: ReadAs = 'auto'): Promise<PageReading> {
    return asker.ask(
      {
        classify: async () => {
          this.asked.push('classify');
          return this.one;
        },
        readNumber: async () => {
          this.asked.push('read');
          return this.number;
        },
      },
      ink,
      as,
    );
  }
}

describe('isNumber', () => {
  it('is so where several digits are likely', () => {
    expect(isNumber(numberAnswer('42'))).toBe(true);
    expect(isNumber(numberAnswer('4'))).toBe(false);
    expect(isNumber(numberAnswer(''))).toBe(false);
    expect(isNumber(numberAnswer('35', { probabilities: [0.98, 0.47] }))).toBe(false);
  });

  it('takes digits that are clear for a number that is not accepted, and doubtful ones for none', () => {
    expect(isNumber(numberAnswer('0472', { accepted: false }))).toBe(true);
    const letter = numberAnswer('1\n171', { accepted: false, probabilities: [0.38, 0.97, 0.55, 0.89] });
    expect(isNumber(letter)).toBe(false);
  });

  it('takes parts of one digit for no number, nor a frame as MNIST has them', () => {
    const rings = numberAnswer('0\n0', {
      boxes: [
        [30, 10, 40, 50],
        [28, 60, 44, 50],
      ],
    });
    expect(isNumber(rings, digitAnswer(8, [25, 8, 50, 104]))).toBe(false);
    expect(isNumber(rings, digitAnswer(8, [25, 8, 50, 104], false))).toBe(true);
    expect(isNumber(numberAnswer('42'), digitAnswer(4, onFirst))).toBe(true);
    expect(isNumber(numberAnswer('42'), digitAnswer(4))).toBe(false);
  });
});

describe('a drawing', () => {
  it('of one digit costs one question', async () => {
    const service = new Service(digitAnswer(4, onFirst), numberAnswer('4'));
    const asker = new PictureAsker();
    expect(await service.ask(asker, oneStroke)).toEqual({ kind: 'digit', answer: service.one });
    expect(service.asked).toEqual(['classify']);
    expect(asker.expected('auto')).toBe('digit');
  });

  it('of several is asked about as a number as well, once the pen is up, and then as a number alone', async () => {
    const service = new Service(digitAnswer(4, onFirst), numberAnswer('42'));
    const asker = new PictureAsker();
    expect((await service.ask(asker, { ...twoStrokes, isPenDown: true })).kind).toBe('digit');
    expect(service.asked).toEqual(['classify']);
    expect(await service.ask(asker, twoStrokes)).toEqual({ kind: 'number', number: service.number });
    expect(asker.expected('auto')).toBe('number');
    expect((await service.ask(asker, { ...twoStrokes, isPenDown: true })).kind).toBe('number');
    expect((await service.ask(asker, twoStrokes)).kind).toBe('number');
    expect(service.asked).toEqual(['classify', 'classify', 'read', 'read', 'read']);
  });

  it('that becomes one digit again is told as one', async () => {
    const service = new Service(digitAnswer(4, onFirst), numberAnswer('42'));
    const asker = new PictureAsker();
    await service.ask(asker, twoStrokes);
    service.number = numberAnswer('4');
    expect((await service.ask(asker, oneStroke)).kind).toBe('digit');
    service.asked.length = 0;
    expect((await service.ask(asker, oneStroke)).kind).toBe('digit');
    expect(service.asked).toEqual(['classify']);
  });

  it('that was a number is asked about as a digit where the number may be the parts of one', async () => {
    const service = new Service(digitAnswer(4, onFirst), numberAnswer('42'));
    const asker = new PictureAsker();
    await service.ask(asker, twoStrokes);
    service.one = digitAnswer(8, [15, 15, 60, 200]);
    service.number = numberAnswer('0\n0');
    service.asked.length = 0;
    expect(await service.ask(asker, twoStrokes)).toEqual({ kind: 'digit', answer: service.one });
    expect(service.asked).toEqual(['read', 'classify']);
  });

  it('keeps its number under the pen, whose stroke is no digit yet', async () => {
    const service = new Service(digitAnswer(4, onFirst), numberAnswer('42'));
    const asker = new PictureAsker();
    await service.ask(asker, twoStrokes);
    service.number = numberAnswer('421', { accepted: false, probabilities: [0.97, 0.97, 0.2] });
    expect((await service.ask(asker, { ...twoStrokes, isPenDown: true })).kind).toBe('number');
  });

  it('that makes no digit is asked about as a number where it has several strokes', async () => {
    const wide = digitAnswer(4, [0, 0, 280, 280], false);
    const service = new Service(wide, numberAnswer('42'));
    expect((await service.ask(new PictureAsker(), oneStroke)).kind).toBe('digit');
    expect(service.asked).toEqual(['classify']);
    expect((await service.ask(new PictureAsker(), twoStrokes)).kind).toBe('number');
  });

  it('is a digit at first again, when the paper was cleared', async () => {
    const service = new Service(digitAnswer(4, onFirst), numberAnswer('42'));
    const asker = new PictureAsker();
    await service.ask(asker, twoStrokes);
    asker.forget();
    expect(asker.expected('auto')).toBe('digit');
  });
});

describe('what is asked for', () => {
  it('goes before what the picture seems to be', async () => {
    const service = new Service(digitAnswer(4, onFirst), numberAnswer('42'));
    expect((await service.ask(new PictureAsker(), twoStrokes, 'digit')).kind).toBe('digit');
    expect((await service.ask(new PictureAsker(), oneStroke, 'number')).kind).toBe('number');
    expect((await service.ask(new PictureAsker(), null, 'number')).kind).toBe('number');
    expect(service.asked).toEqual(['classify', 'read', 'read']);
    expect(new PictureAsker().expected('number')).toBe('number');
  });
});

describe('files', () => {
  it('are read as what they show', async () => {
    const service = new Service(digitAnswer(4, onFirst), numberAnswer('42'));
    expect((await service.ask(new PictureAsker(), null)).kind).toBe('number');
    service.number = numberAnswer('4');
    expect((await service.ask(new PictureAsker(), null)).kind).toBe('digit');
  });

  it('are asked about together, as what is asked for alone', async () => {
    const answers = [digitAnswer(4, onFirst), digitAnswer(7, onFirst)];
    const numbers = [numberAnswer('42'), numberAnswer('7')];
    const asked: string[] = [];
    const questions = {
      classify: async () => {
        asked.push('classify');
        return answers;
      },
      readNumbers: async () => {
        asked.push('read');
        return numbers;
      },
    };
    const kinds = async (as: ReadAs): Promise<string[]> =>
      (await askOfFiles(questions, as)).map(({ kind }) => kind);
    expect(await kinds('auto')).toEqual(['number', 'digit']);
    expect(await kinds('digit')).toEqual(['digit', 'digit']);
    expect(await kinds('number')).toEqual(['number', 'number']);
    expect(asked).toEqual(['classify', 'read', 'classify', 'read']);
  });
});
