import { describe, expect, it } from 'vitest';
import { InkMemory } from '../../../page/number/ink-memory.js';
import type { Questions } from '../../../page/number/picture-asker.js';
import { digitAnswer, numberAnswer } from './numbers.js';

/** Who answers, and what was asked. */
function answering(): { readonly questions: Questions; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    questions: {
      classify: async () => {
        asked.push('classify');
        return digitAnswer(4);
      },
      readNumber: async () => {
        asked.push('read');
        return numberAnswer('42');
      },
    },
  };
}

describe('InkMemory', () => {
  it('asks each question once about the same ink, and again about other ink', async () => {
    const { questions, asked } = answering();
    const memory = new InkMemory();
    const [first, second] = [memory.questions(questions, 1), memory.questions(questions, 1)];
    expect(await second.classify()).toBe(await first.classify());
    await first.readNumber();
    await memory.questions(questions, 1).readNumber();
    expect(asked).toEqual(['classify', 'read']);
    await memory.questions(questions, 2).classify();
    expect(asked).toEqual(['classify', 'read', 'classify']);
  });

  it('asks again after a failure, and where another one answers', async () => {
    const { questions, asked } = answering();
    const memory = new InkMemory();
    const failing = { ...questions, classify: () => Promise.reject(new Error('busy')) };
    await expect(memory.questions(failing, 1).classify()).rejects.toThrow('busy');
    await memory.questions(questions, 1).classify();
    memory.forget();
    await memory.questions(questions, 1).classify();
    expect(asked).toEqual(['classify', 'classify']);
  });
});
