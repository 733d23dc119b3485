import {
  caption,
  inputDescription,
  isDigit,
  percent,
  spoken,
  type PageAnswer,
  type PageNumber,
} from '../answers.js';
import { inSeconds, type Problem } from '../problems.js';
import { digitCaption, leastSure, numberCaption, spokenNumber } from '../number/number-words.js';
import type { PageReading } from '../number/picture-asker.js';
import { byId, make } from './elements.js';
import { NumberView } from './number-view.js';
import { paintPart } from './part-of-picture.js';

/** An answer does not change for so long before it is said aloud: to hear every stroke helps no one. */
const SAY_AFTER_MS = 700;

/** An answer, what it was about, and how long it took. */
export interface ShownReading {
  readonly reading: PageReading;
  /** The picture; `null` where the browser does not know its format. */
  readonly bitmap: ImageBitmap | null;
  readonly roundTripMs: number;
}

/** What else there is to do, when something is shown or wanted. */
export interface AnswerEvents {
  readonly say: (text: string) => void;
  readonly onRetry: () => void;
  /** The details of this digit of the number are shown. */
  readonly onDigit: (at: number) => void;
}

/** The answer to the one picture on the paper, and what is in its way. */
export class AnswerView {
  readonly #section = byId('reading', HTMLElement);
  readonly #digit = byId('digit', HTMLElement);
  readonly #caption = byId('caption', HTMLElement);
  readonly #frame = byId('frame', HTMLImageElement);
  readonly #part = byId('part', HTMLCanvasElement);
  readonly #pixelsCaption = byId('pixels-caption', HTMLElement);
  readonly #roundTrip = byId('round-trip', HTMLElement);
  readonly #problem = byId('problem', HTMLElement);
  readonly #problemTitle = byId('problem-title', HTMLElement);
  readonly #problemAdvice = byId('problem-advice', HTMLElement);
  readonly #retry = byId('retry', HTMLButtonElement);
  readonly #bars = Array.from({ length: 10 }, (_, digit) => new Bar(digit));
  readonly #numberView = new NumberView(
    (at) => this.pointAt(at),
    (at) => this.#choose(at),
  );
  readonly #events: AnswerEvents;
  #shown: { readonly number: PageNumber; readonly bitmap: ImageBitmap | null } | null = null;
  /** The digit that was chosen, as long as one picture lies on the paper. */
  #chosen: number | null = null;
  #sayTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: AnswerEvents) {
    this.#events = events;
    byId('bars', HTMLElement).append(...this.#bars.map((bar) => bar.element));
    this.#retry.addEventListener('click', events.onRetry);
    this.showNothing();
  }

  set isBusy(isBusy: boolean) {
    this.#section.ariaBusy = String(isBusy);
  }

  showNothing(): void {
    clearTimeout(this.#sayTimer);
    this.#problem.hidden = true;
    this.#chosen = null;
    this.#blank('empty', 'Nothing to read yet');
  }

  show({ reading, bitmap, roundTripMs }: ShownReading): void {
    this.#problem.hidden = true;
    this.#roundTrip.textContent = `${Math.max(1, Math.round(roundTripMs))} ms`;
    if (reading.kind === 'number') this.#showNumber(reading.number, bitmap);
    else this.#showDigit(reading.answer);
  }

  #showDigit(answer: PageAnswer): void {
    this.#endNumber();
    const digitSeen = isDigit(answer);
    this.#section.dataset['state'] = digitSeen ? 'digit' : 'none';
    this.#digit.textContent = digitSeen ? String(answer.class) : 'Not a digit';
    this.#caption.textContent = caption(answer);
    this.#frame.src = answer.frame;
    this.#frame.alt = inputDescription(answer);
    this.#frame.hidden = false;
    answer.probabilities.forEach((probability, digit) => {
      this.#bars[digit]?.show(probability, digitSeen && digit === answer.class);
    });
    this.#sayLater(spoken(answer));
  }

  #showNumber(number: PageNumber, bitmap: ImageBitmap | null): void {
    this.#shown = { number, bitmap };
    this.#section.dataset['state'] = number.digits.length > 0 ? 'number' : 'none';
    this.#frame.hidden = true;
    this.#pixelsCaption.textContent = 'In the picture';
    const chosen = this.#chosenDigit(number);
    if (number.digits.length > 0) this.#numberView.show(number, chosen);
    else this.#numberView.hide();
    this.#showDetails(chosen);
    this.#sayLater(spokenNumber(number));
  }

  /** Shows a digit of the number for as long as it is pointed at; `null` ends that. */
  pointAt(at: number | null): void {
    if (this.#shown) this.#showDetails(at ?? this.#chosenDigit(this.#shown.number));
  }

  #choose(at: number): void {
    this.#chosen = at;
    this.#showDetails(at);
  }

  /** While one draws on, the chosen digit stays chosen; the least sure one is where none was. */
  #chosenDigit(number: PageNumber): number {
    const isThere = this.#chosen !== null && this.#chosen < number.digits.length;
    return isThere && this.#chosen !== null ? this.#chosen : leastSure(number);
  }

  #showDetails(at: number): void {
    if (!this.#shown) return;
    const { number, bitmap } = this.#shown;
    const digit = number.digits[at];
    this.#digit.textContent = digit ? String(digit.class) : 'No digits';
    this.#caption.textContent = digit ? digitCaption(number, at) : numberCaption(number);
    for (const [i, bar] of this.#bars.entries()) {
      bar.show(digit?.probabilities?.[i] ?? null, i === digit?.class);
    }
    this.#part.hidden = !digit || !bitmap;
    if (digit && bitmap) paintPart(this.#part, bitmap, digit.box);
    this.#events.onDigit(at);
  }

  #endNumber(): void {
    this.#shown = null;
    this.#numberView.hide();
    this.#part.hidden = true;
    this.#pixelsCaption.textContent = 'Model input';
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
    this.#endNumber();
    this.#section.dataset['state'] = state;
    this.#digit.textContent = '?';
    this.#caption.textContent = text;
    this.#frame.hidden = true;
    this.#roundTrip.textContent = '–';
    for (const bar of this.#bars) bar.show(null);
  }

  #sayLater(text: string): void {
    clearTimeout(this.#sayTimer);
    this.#sayTimer = setTimeout(() => this.#events.say(text), SAY_AFTER_MS);
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
