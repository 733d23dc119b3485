import { caption, inputDescription, isDigit, percent, spoken, type PageAnswer } from '../answers.js';
import { inSeconds, type Problem } from '../problems.js';
import { byId, make } from './elements.js';

/** An answer does not change for so long before it is said aloud: to hear every stroke helps no one. */
const SAY_AFTER_MS = 700;

/** The answer to the one picture on the paper, and what is in its way. */
export class AnswerView {
  readonly #section = byId('reading', HTMLElement);
  readonly #digit = byId('digit', HTMLElement);
  readonly #caption = byId('caption', HTMLElement);
  readonly #frame = byId('frame', HTMLImageElement);
  readonly #roundTrip = byId('round-trip', HTMLElement);
  readonly #problem = byId('problem', HTMLElement);
  readonly #problemTitle = byId('problem-title', HTMLElement);
  readonly #problemAdvice = byId('problem-advice', HTMLElement);
  readonly #retry = byId('retry', HTMLButtonElement);
  readonly #bars = Array.from({ length: 10 }, (_, digit) => new Bar(digit));
  readonly #say: (text: string) => void;
  #sayTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (text: string) => void, onRetry: () => void) {
    this.#say = say;
    byId('bars', HTMLElement).append(...this.#bars.map((bar) => bar.element));
    this.#retry.addEventListener('click', onRetry);
    this.showNothing();
  }

  set isBusy(isBusy: boolean) {
    this.#section.ariaBusy = String(isBusy);
  }

  showNothing(): void {
    clearTimeout(this.#sayTimer);
    this.#problem.hidden = true;
    this.#blank('empty', 'Nothing to read yet');
  }

  showAnswer(answer: PageAnswer, roundTripMs: number): void {
    this.#problem.hidden = true;
    const digitSeen = isDigit(answer);
    this.#section.dataset['state'] = digitSeen ? 'digit' : 'none';
    this.#digit.textContent = digitSeen ? String(answer.class) : 'Not a digit';
    this.#caption.textContent = caption(answer);
    this.#frame.src = answer.frame;
    this.#frame.alt = inputDescription(answer);
    this.#frame.hidden = false;
    this.#roundTrip.textContent = `${Math.max(1, Math.round(roundTripMs))} ms`;
    answer.probabilities.forEach((probability, digit) => {
      this.#bars[digit]?.show(probability, digitSeen && digit === answer.class);
    });
    this.#sayLater(spoken(answer));
  }

  /** Takes the last answer away: it is about another picture. */
  showProblem({ title, advice }: Problem, retryMs: number | null): void {
    this.#blank('problem', 'No answer');
    this.#problemTitle.textContent = title;
    const retry =
      retryMs === null ? '' : ` Your picture is kept; it is asked about again ${inSeconds(retryMs)}.`;
    this.#problemAdvice.textContent = `${advice}${retry}`;
    this.#retry.hidden = retryMs === null;
    this.#problem.hidden = false;
    this.#sayLater(`${title}. ${advice}`);
  }

  #blank(state: 'empty' | 'problem', text: string): void {
    this.#section.dataset['state'] = state;
    this.#digit.textContent = '?';
    this.#caption.textContent = text;
    this.#frame.hidden = true;
    this.#roundTrip.textContent = '–';
    for (const bar of this.#bars) bar.show(null);
  }

  #sayLater(text: string): void {
    clearTimeout(this.#sayTimer);
    this.#sayTimer = setTimeout(() => this.#say(text), SAY_AFTER_MS);
  }
}

/** The probability of one digit. */
class Bar {
  readonly element: HTMLLIElement;
  readonly #fill = make('span', 'bar-fill');
  readonly #number = make('span', 'bar-number');

  constructor(digit: number) {
    const track = make('span', 'bar-track', this.#fill);
    this.element = make('li', 'bar', make('span', 'bar-digit', String(digit)), track, this.#number);
  }

  show(probability: number | null, isBest = false): void {
    this.element.classList.toggle('best', isBest);
    this.#fill.style.setProperty('--share', String(probability ?? 0));
    this.#number.textContent = probability === null ? '–' : percent(probability);
  }
}
