import type { PageReading } from '../../number/picture-asker.js';
import { boxOver } from './found-box.js';
import { byId } from '../elements.js';

/** The size of a picture whose digits are marked, and whether it lies on the sheet as a picture does. */
export interface MarkedPicture {
  readonly width: number;
  readonly height: number;
  readonly isFile: boolean;
}

/** The boxes over what lies on the sheet: where digits were found. */
export class Marks {
  readonly #sheet = byId('sheet', HTMLElement);
  readonly #onPoint: (at: number | null) => void;
  #svg: SVGSVGElement | null = null;
  #boxes: readonly SVGRectElement[] = [];
  #pointed: number | null = null;

  /** @param onPoint a mouse or pen points to a digit of a number, by its place, or to none any more */
  constructor(onPoint: (at: number | null) => void) {
    this.#onPoint = onPoint;
    // The paper under the boxes goes on taking strokes, so that they cannot listen themselves.
    this.#sheet.addEventListener('pointermove', (event) => {
      if (event.buttons === 0 && event.pointerType !== 'touch') this.#point(event.clientX, event.clientY);
    });
    this.#sheet.addEventListener('pointerleave', () => this.#pointAt(null));
  }

  /** Nothing is marked any more. */
  clear(): void {
    this.#svg?.remove();
    this.#svg = null;
    this.#boxes = [];
    this.#pointed = null;
  }

  /** Marks what was read; nothing where all of the picture is the digit. */
  show(reading: PageReading, { width, height, isFile }: MarkedPicture): void {
    this.clear();
    if (width === 0) return;
    const svg = boxOver(width, height);
    if (reading.kind === 'digit') {
      if (reading.answer.box) svg.add(reading.answer.box);
    } else {
      for (const { box } of reading.number.unread) svg.add(box, 'unread');
      this.#boxes = reading.number.digits.map(({ box }) => svg.add(box));
    }
    svg.element.classList.toggle('on-picture', isFile);
    svg.element.classList.toggle('of-number', reading.kind === 'number');
    this.#svg = svg.element;
    this.#sheet.append(svg.element);
  }

  /** Points out one digit of the number. */
  choose(at: number): void {
    this.#boxes.forEach((box, i) => box.classList.toggle('chosen', i === at));
  }

  #point(x: number, y: number): void {
    const at = this.#boxes.findIndex((box) => {
      const { left, right, top, bottom } = box.getBoundingClientRect();
      return x >= left && x <= right && y >= top && y <= bottom;
    });
    this.#pointAt(at < 0 ? null : at);
  }

  #pointAt(at: number | null): void {
    if (at === this.#pointed) return;
    this.#pointed = at;
    if (this.#boxes.length > 0) this.#onPoint(at);
  }
}
