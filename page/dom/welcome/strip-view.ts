import type { InkStroke } from '../../ink.js';
import { RecentDrawings } from '../../welcome/recent-drawings.js';
import { text } from '../../words/words.js';
import { byId, make } from '../elements.js';
import { pictureOfStrokes } from '../sheet/svg-strokes.js';

/** The last drawings in small, each to be put back on the paper. */
export class StripView {
  readonly #list = byId('strip', HTMLElement);
  readonly #drawings = new RecentDrawings();
  readonly #onChoose: (strokes: readonly InkStroke[]) => void;

  constructor(onChoose: (strokes: readonly InkStroke[]) => void) {
    this.#onChoose = onChoose;
  }

  /** A drawing was put away. @param read what was read in it */
  add(strokes: readonly InkStroke[], read: string): void {
    this.#drawings.add({ strokes, read });
    this.show();
  }

  show(): void {
    const { all } = this.#drawings;
    this.#list.hidden = all.length === 0;
    this.#list.replaceChildren(
      ...all.map(({ strokes, read }, i) => {
        const shown = make('span', '', read);
        shown.ariaHidden = 'true';
        const button = make('button', '', pictureOfStrokes(strokes), shown);
        button.type = 'button';
        button.ariaLabel = text('recentOne', { n: i + 1, text: read });
        button.addEventListener('click', () => this.#onChoose(strokes));
        return make('li', '', button);
      }),
    );
  }
}
