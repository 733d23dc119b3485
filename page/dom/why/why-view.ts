import { isDigit, verdict, type PageAnswer } from '../../answers.js';
import { heatPixels, leftOut, squareAround, type HeatColors } from '../../heat.js';
import { PAPER_SIDE, type InkStroke } from '../../ink.js';
import type { PageExplanation, PageReader } from '../../readers/page-reader.js';
import { text } from '../../words/words.js';
import { byId, make } from '../elements.js';
import { paintStrokes, pixelsOf } from '../sheet/paint.js';
import { pictureOfStrokes } from '../sheet/svg-strokes.js';

/** An answer to be explained, and who gave it. */
export interface Explained {
  readonly reader: PageReader;
  readonly answer: PageAnswer;
  readonly strokes: readonly InkStroke[];
}

const COLORS: HeatColors = { speaksFor: [224, 82, 46], speaksAgainst: [66, 122, 230] };

/** Which ink speaks for the answer and which against it, what each stroke does, and what each layer sees. */
export class WhyView {
  readonly #block = byId('why', HTMLElement);
  readonly #heat = byId('heat', HTMLCanvasElement);
  readonly #isShown = byId('why-shown', HTMLInputElement);
  readonly #speaksFor = byId('why-for', HTMLElement);
  readonly #strokes = byId('why-strokes', HTMLElement);
  readonly #layers = byId('layers', HTMLDetailsElement);
  readonly #maps = byId('layer-maps', HTMLElement);
  /** What is explained, or about to be. */
  #answer: PageAnswer | null = null;
  #explanation: PageExplanation | null = null;
  #controller = new AbortController();

  constructor() {
    this.#isShown.addEventListener('change', () => this.#showHeat());
    this.#layers.addEventListener('toggle', () => this.#showLayers());
  }

  /** What is drawn on a card; `null` where nothing is shown. */
  get heat(): HTMLCanvasElement | null {
    return this.#heat.hidden ? null : this.#heat;
  }

  /** The drawing goes on: what was explained is not of it. */
  clear(): void {
    this.#controller.abort();
    this.#answer = null;
    this.#explanation = null;
    this.#heat.hidden = true;
  }

  /** There is nothing to explain. */
  hide(): void {
    this.clear();
    this.#block.hidden = true;
  }

  /** Explains an answer, once the pen rests; one that is explained already only by its words. */
  async explain(explained: Explained): Promise<void> {
    this.#showWords(explained.answer);
    if (explained.answer === this.#answer) return;
    this.clear();
    this.#answer = explained.answer;
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    const { reader, answer, strokes } = explained;
    this.#block.hidden = !reader.explain || !isDigit(answer);
    if (!reader.explain || !isDigit(answer)) return;
    try {
      const explanation = await reader.explain(answer, signal);
      if (signal.aborted || !explanation) return;
      this.#explanation = explanation;
      this.#paint(explanation, answer.box ?? [], strokes);
      this.#showHeat();
      this.#showLayers();
      await this.#explainStrokes(explained, signal);
    } catch {
      // A newer drawing, or a device that cannot: the answer stands without a reason.
      if (this.#answer === answer) this.#answer = null;
    }
  }

  #showWords({ class: digit }: PageAnswer): void {
    this.#speaksFor.textContent = text('speaksFor', { digit });
    this.#heat.ariaLabel = text('heat', { digit });
  }

  #showHeat(): void {
    this.#heat.hidden = !this.#explanation || !this.#isShown.checked;
  }

  /** Colours the ink itself; of a file, which has no strokes, the place. */
  #paint({ heat, side }: PageExplanation, box: readonly number[], strokes: readonly InkStroke[]): void {
    const pixels = make('canvas');
    pixels.width = side;
    pixels.height = side;
    pixels.getContext('2d')?.putImageData(new ImageData(heatPixels(heat, COLORS), side, side), 0, 0);
    const canvas = this.#heat;
    canvas.width = Math.max(1, Math.round(canvas.parentElement?.clientWidth ?? 1) * devicePixelRatio);
    canvas.height = canvas.width;
    const context = canvas.getContext('2d');
    if (!context) return;
    const scale = canvas.width / PAPER_SIDE;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    paintStrokes(context, strokes, '#000');
    context.globalCompositeOperation = 'source-in';
    context.imageSmoothingQuality = 'high';
    const square = squareAround(box);
    context.drawImage(pixels, square.x, square.y, square.side, square.side);
  }

  async #explainStrokes({ reader, strokes }: Explained, signal: AbortSignal): Promise<void> {
    const items: HTMLElement[] = [];
    for (const [i, rest] of leftOut(strokes).entries()) {
      const picture = { pixels: pixelsOf(rest), file: () => Promise.reject(new Error('it is not needed')) };
      const answer = await reader.classify(picture, signal);
      const said = text('withoutStroke', { n: i + 1, text: verdict(answer) });
      items.push(make('li', '', pictureOfStrokes(rest), make('span', '', said)));
    }
    signal.throwIfAborted();
    this.#strokes.replaceChildren(...items);
    this.#strokes.hidden = items.length === 0;
  }

  #showLayers(): void {
    if (!this.#layers.open || !this.#explanation) return;
    const rows = this.#explanation.layers.map(({ channels, side, maps }, i) => {
      const shown = maps.map((map) => {
        const canvas = make('canvas');
        canvas.width = side;
        canvas.height = side;
        const grays = new Uint8ClampedArray(4 * map.length);
        map.forEach((level, at) => grays.set([level, level, level, 255], 4 * at));
        canvas.getContext('2d')?.putImageData(new ImageData(grays, side, side), 0, 0);
        canvas.ariaHidden = 'true';
        return canvas;
      });
      return make('li', '', make('span', '', text('layer', { n: i + 1, maps: channels, side })), ...shown);
    });
    this.#maps.replaceChildren(...rows);
  }
}
