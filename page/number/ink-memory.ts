import type { Questions } from './picture-asker.js';

/** Asks nothing twice about the same ink: when the pen leaves the paper, the ink is what it was. */
export class InkMemory {
  #ink: number | undefined;
  #answers: { -readonly [Kind in keyof Questions]?: ReturnType<Questions[Kind]> } = {};

  /** Someone else is to answer. */
  forget(): void {
    this.#ink = undefined;
  }

  /**
   * Questions about a drawing, of which those that were answered, or are about to be, are not asked again.
   * @param ink another number for other ink
   */
  questions({ classify, readNumber }: Questions, ink: number): Questions {
    if (this.#ink !== ink) this.#answers = {};
    this.#ink = ink;
    const answers = this.#answers;
    return {
      classify: () =>
        (answers.classify ??= classify().catch((thrown: unknown) => {
          delete answers.classify;
          throw thrown;
        })),
      readNumber: () =>
        (answers.readNumber ??= readNumber().catch((thrown: unknown) => {
          delete answers.readNumber;
          throw thrown;
        })),
    };
  }
}
