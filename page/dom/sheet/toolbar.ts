import type { Drawing } from '../../drawing.js';
import { PEN_WIDTH } from '../../ink.js';
import type { WordKey } from '../../words/en.js';
import { byId } from '../elements.js';
import { addShortcuts } from './shortcuts.js';

/** A step on the drawing, and what is said of it. */
const STEPS = { undo: 'undone', redo: 'redone', clear: 'cleared' } as const satisfies Record<string, WordKey>;
export type Step = keyof typeof STEPS;

/** The buttons and the slider under the sheet, and the keys that do the same. */
export class Toolbar {
  readonly #paper = byId('paper', HTMLElement);
  readonly #sheet = byId('sheet', HTMLElement);
  readonly #hint = byId('hint', HTMLElement);
  readonly #width = byId('pen-width', HTMLInputElement);
  readonly #buttons = {
    undo: byId('undo', HTMLButtonElement),
    redo: byId('redo', HTMLButtonElement),
    clear: byId('clear', HTMLButtonElement),
  };

  constructor(onStep: (step: Step, said: WordKey) => void) {
    const stepOf = (step: Step) => (): void => onStep(step, STEPS[step]);
    const steps = { undo: stepOf('undo'), redo: stepOf('redo'), clear: stepOf('clear') };
    this.#buttons.undo.addEventListener('click', steps.undo);
    this.#buttons.redo.addEventListener('click', steps.redo);
    this.#buttons.clear.addEventListener('click', steps.clear);
    this.#width.addEventListener('input', () => this.#setWidth(this.penWidth));
    addShortcuts({ ...steps, widen: (by) => this.#setWidth(this.penWidth + by * PEN_WIDTH.step) });
    for (const name of ['min', 'max', 'step'] as const) this.#width[name] = String(PEN_WIDTH[name]);
    this.#setWidth(PEN_WIDTH.default);
  }

  get penWidth(): number {
    return this.#width.valueAsNumber;
  }

  /** @param hasPicture whether a file lies on the sheet */
  show(drawing: Drawing, hasPicture: boolean): void {
    const isEmpty = drawing.isEmpty && !hasPicture;
    this.#sheet.classList.toggle('used', !isEmpty);
    this.#hint.hidden = !isEmpty;
    const { activeElement } = document;
    this.#buttons.undo.disabled = !drawing.canUndo;
    this.#buttons.redo.disabled = !drawing.canRedo;
    this.#buttons.clear.disabled = isEmpty;
    // A button that can do no more loses the focus; who uses keys goes on at the paper.
    if (activeElement instanceof HTMLButtonElement && activeElement.disabled) this.#paper.focus();
  }

  focusPaper(): void {
    this.#paper.focus({ preventScroll: true });
  }

  #setWidth(width: number): void {
    this.#width.value = String(width);
    document.documentElement.style.setProperty('--pen', this.#width.value);
  }
}
