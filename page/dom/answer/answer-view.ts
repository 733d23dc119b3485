import {
  caption,
  inputDescription,
  isDigit,
  NONE,
  SURE_FROM,
  spoken,
  verdict,
  type PageAnswer,
  type PageNumber,
} from '../../answers.js';
import { inSeconds, type Problem } from '../../problems.js';
import { digitCaption, leastSure, numberCaption, spokenNumber } from '../../number/number-words.js';
import type { PageReading } from '../../number/picture-asker.js';
import { count, text } from '../../words/words.js';
import { Bars } from './bars.js';
import { byId } from '../elements.js';
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

/** `empty`: there is no picture; `busy`: no answer to it yet; `none`: no digit in it. */
type State = 'empty' | 'busy' | 'problem' | 'digit' | 'number' | 'none';

/** The answer to the one picture on the paper, and what is in its way. */
export class AnswerView {
  readonly #section = byId('reading', HTMLElement);
  readonly #welcome = byId('welcome', HTMLElement);
  readonly #answer = byId('answer', HTMLElement);
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
  readonly #bars = new Bars();
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
    this.#retry.addEventListener('click', events.onRetry);
    this.showNothing();
  }

  set isBusy(isBusy: boolean) {
    this.#section.ariaBusy = String(isBusy);
    if (isBusy && this.#state === 'empty') this.#blank('busy', '…', text('busy'));
  }

  get #state(): State {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no one else writes it
    return this.#section.dataset['state'] as State;
  }

  showNothing(): void {
    clearTimeout(this.#sayTimer);
    this.#problem.hidden = true;
    this.#chosen = null;
    this.#blank('empty', '', text('empty'));
  }

  /** There is another picture: what was said is not of it. */
  expectOther(): void {
    clearTimeout(this.#sayTimer);
    this.#problem.hidden = true;
    this.#chosen = null;
    this.#blank('busy', '…', text('busy'));
  }

  show({ reading, bitmap, roundTripMs }: ShownReading): void {
    this.#problem.hidden = true;
    this.#roundTrip.textContent = text('ms', { n: count(Math.max(1, Math.round(roundTripMs))) });
    if (reading.kind === 'number') this.#showNumber(reading.number, bitmap);
    else this.#showDigit(reading.answer);
  }

  #showDigit(answer: PageAnswer): void {
    this.#endNumber();
    const digitSeen = isDigit(answer);
    this.#enter(digitSeen ? 'digit' : 'none');
    const isDoubt = digitSeen && answer.probability < SURE_FROM;
    this.#section.dataset['sure'] = String(digitSeen && !isDoubt);
    this.#digit.textContent = verdict(answer);
    this.#caption.textContent = caption(answer);
    this.#frame.src = answer.frame;
    this.#frame.alt = inputDescription(answer);
    this.#frame.hidden = false;
    this.#bars.show(answer.probabilities, digitSeen ? answer.class : NONE);
    this.#sayLater(spoken(answer));
  }

  #showNumber(number: PageNumber, bitmap: ImageBitmap | null): void {
    this.#shown = { number, bitmap };
    this.#enter(number.digits.length > 0 ? 'number' : 'none');
    this.#section.dataset['sure'] = 'false';
    this.#frame.hidden = true;
    this.#pixelsCaption.textContent = text('inPicture');
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
    this.#digit.textContent = digit ? String(digit.class) : text('noDigits');
    this.#caption.textContent = digit ? digitCaption(number, at) : numberCaption(number);
    if (digit?.probabilities) this.#bars.show(digit.probabilities, digit.class);
    else this.#bars.blank();
    this.#part.hidden = !digit || !bitmap;
    if (digit && bitmap) paintPart(this.#part, bitmap, digit.box);
    this.#events.onDigit(at);
  }

  #endNumber(): void {
    this.#shown = null;
    this.#numberView.hide();
    this.#part.hidden = true;
    this.#pixelsCaption.textContent = text('input');
  }

  /** Takes the last answer away: it is about another picture. */
  showProblem({ title, advice }: Problem, retryMs: number | null): void {
    this.#blank('problem', '?', text('noAnswer'));
    this.#problemTitle.textContent = title;
    const retry = retryMs === null ? '' : ` ${text('keptAgain', { when: inSeconds(retryMs) })}`;
    this.#problemAdvice.textContent = `${advice}${retry}`;
    this.#retry.hidden = retryMs === null;
    this.#problem.hidden = false;
    this.#sayLater(`${title}. ${advice}`);
  }

  #blank(state: 'empty' | 'busy' | 'problem', digit: string, said: string): void {
    this.#endNumber();
    this.#enter(state);
    this.#section.dataset['sure'] = 'false';
    this.#digit.textContent = digit;
    this.#caption.textContent = said;
    this.#frame.hidden = true;
    this.#roundTrip.textContent = '–';
    this.#bars.blank();
  }

  #enter(state: State): void {
    this.#section.dataset['state'] = state;
    this.#welcome.hidden = state !== 'empty';
    this.#answer.hidden = state === 'empty';
  }

  #sayLater(said: string): void {
    clearTimeout(this.#sayTimer);
    this.#sayTimer = setTimeout(() => this.#events.say(said), SAY_AFTER_MS);
  }
}
