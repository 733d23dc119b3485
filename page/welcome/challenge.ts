import { isDigit, SURE_FROM, verdict } from '../answers.js';
import type { PageReading } from '../number/picture-asker.js';
import { text } from '../words/words.js';

/** How a try to fool the model went. */
export type Outcome = 'fooled' | 'doubt' | 'known';

/** "Try to fool it": a digit is asked for; who writes it so that the model does not know it has won. */
export class Challenge {
  readonly #random: () => number;
  #digit = 0;
  #outcome: Outcome | null = null;
  #said = '';
  #won = 0;
  #tries = 0;

  /** @param random uniform numbers in [0, 1) */
  constructor(random: () => number) {
    this.#random = random;
    this.#digit = Math.floor(10 * random());
  }

  /** The digit to write. */
  get digit(): number {
    return this.#digit;
  }

  get outcome(): Outcome | null {
    return this.#outcome;
  }

  /** Another digit than this one is asked for. */
  next(): void {
    this.#digit = (this.#digit + 1 + Math.floor(9 * this.#random())) % 10;
    this.clear();
  }

  /** The paper is empty: the next drawing is a new try. */
  clear(): void {
    this.#outcome = null;
    this.#said = '';
  }

  /** A drawing was read, and the pen rests. A drawing counts once, as it was read last. */
  judge(reading: PageReading): void {
    if (this.#outcome !== null) this.#count(-1);
    this.#outcome = outcomeOf(reading, this.#digit);
    this.#said = reading.kind === 'digit' ? verdict(reading.answer) : reading.number.text;
    this.#count(1);
  }

  /** What to write, or how it went. */
  get words(): string {
    const values = { digit: this.#digit, text: this.#said };
    if (this.#outcome === 'fooled') return text('foolWon', values);
    if (this.#outcome === 'doubt') return text('foolDoubt', values);
    return text(this.#outcome === 'known' ? 'foolKnown' : 'foolTask', values);
  }

  /** "Fooled 1 of 3 times"; empty before the first try. */
  get score(): string {
    return this.#tries === 0 ? '' : text('foolScore', { won: this.#won, tries: this.#tries });
  }

  #count(by: number): void {
    this.#tries += by;
    if (this.#outcome === 'fooled') this.#won += by;
  }
}

function outcomeOf(reading: PageReading, digit: number): Outcome {
  if (reading.kind === 'number') return 'fooled';
  const { answer } = reading;
  if (!isDigit(answer) || answer.class !== digit) return 'fooled';
  return answer.probability < SURE_FROM ? 'doubt' : 'known';
}
