import { Challenge } from '../../welcome/challenge.js';
import type { PageReading } from '../../number/picture-asker.js';
import { byId } from '../elements.js';

/** "Try to fool it", above the answer while it is on. */
export class ChallengeView {
  readonly #block = byId('challenge', HTMLElement);
  readonly #digit = byId('challenge-digit', HTMLElement);
  readonly #words = byId('challenge-words', HTMLElement);
  readonly #score = byId('challenge-score', HTMLElement);
  readonly #restart: () => void;
  #challenge: Challenge | null = null;

  /** @param restart empties the paper, and gives it the focus */
  constructor(restart: () => void) {
    this.#restart = restart;
    byId('fool', HTMLButtonElement).addEventListener('click', () => {
      this.#challenge = new Challenge(Math.random);
      this.#begin();
    });
    byId('challenge-next', HTMLButtonElement).addEventListener('click', () => {
      this.#challenge?.next();
      this.#begin();
    });
    byId('challenge-end', HTMLButtonElement).addEventListener('click', () => {
      this.#challenge = null;
      this.#begin();
    });
  }

  /** A drawing was read, and the pen rests. */
  read(reading: PageReading): void {
    this.#challenge?.judge(reading);
    this.show();
  }

  /** The paper is empty. */
  clear(): void {
    this.#challenge?.clear();
    this.show();
  }

  show(): void {
    const challenge = this.#challenge;
    this.#block.hidden = challenge === null;
    if (!challenge) return;
    this.#block.dataset['outcome'] = challenge.outcome ?? 'open';
    this.#digit.textContent = String(challenge.digit);
    this.#words.textContent = challenge.words;
    this.#score.textContent = challenge.score;
  }

  #begin(): void {
    this.show();
    this.#restart();
  }
}
