import type { Drawing } from '../../drawing.js';
import { nibWidth, PAPER_SIDE, type InkPoint } from '../../ink.js';
import { describePen, pressKey, RESTING_PEN, type KeyboardPen } from '../../keyboard-pen.js';
import { byId } from '../elements.js';
import { show } from './paint.js';

export interface PaperDeps {
  readonly drawing: Drawing;
  readonly penWidth: () => number;
  /** The drawing has changed. */
  readonly onChange: () => void;
  /** Words for who cannot see the pen. */
  readonly say: (text: string) => void;
}

/** The sheet that fingers, pens, mice and keys draw on. */
export class Paper {
  readonly #deps: PaperDeps;
  readonly #canvas = byId('paper', HTMLCanvasElement);
  readonly #nib = byId('nib', HTMLElement);
  #pointerId: number | null = null;
  #pen: KeyboardPen = RESTING_PEN;
  #isPaintDue = false;

  constructor(deps: PaperDeps) {
    this.#deps = deps;
    this.#listenToPointers();
    this.#canvas.addEventListener('keydown', (event) => this.#onKey(event));
    this.#canvas.addEventListener('blur', () => this.liftPen());
    new ResizeObserver(() => this.#fitScreen()).observe(this.#canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.paint());
    this.#placeNib();
  }

  /** Shows the drawing as it is, with the next picture of the screen. */
  paint(): void {
    if (this.#isPaintDue) return;
    this.#isPaintDue = true;
    requestAnimationFrame(() => {
      this.#isPaintDue = false;
      show(this.#canvas, this.#deps.drawing.strokes, getComputedStyle(this.#canvas).color);
    });
  }

  /** Ends what is being drawn, by whatever means. */
  liftPen(): void {
    this.#pointerId = null;
    if (this.#pen.isDown) this.#movePen({ ...this.#pen, isDown: false });
  }

  #listenToPointers(): void {
    const { drawing, onChange } = this.#deps;
    this.#canvas.addEventListener('pointerdown', (event) => {
      // Any other button, and any other finger, is not the pen.
      if (event.button !== 0 || this.#pointerId !== null) return;
      this.liftPen();
      this.#pointerId = event.pointerId;
      this.#canvas.setPointerCapture(event.pointerId);
      drawing.begin(this.#pointOf(event));
      onChange();
    });
    this.#canvas.addEventListener('pointermove', (event) => {
      if (event.pointerId !== this.#pointerId) return;
      const all = event.getCoalescedEvents();
      if (drawing.extend((all.length > 0 ? all : [event]).map((each) => this.#pointOf(each)))) onChange();
    });
    const release = (event: PointerEvent): void => {
      if (event.pointerId !== this.#pointerId) return;
      this.#pointerId = null;
      if (event.type === 'pointercancel') drawing.cancel();
      else drawing.end();
      onChange();
    };
    // Capture is lost however a stroke ends, a dialog or a lost window included.
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      this.#canvas.addEventListener(type, release);
    }
  }

  #pointOf(event: PointerEvent): InkPoint {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - left) / width) * PAPER_SIDE,
      y: ((event.clientY - top) / height) * PAPER_SIDE,
      width: nibWidth(this.#deps.penWidth(), event.pointerType, event.pressure),
    };
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pen = pressKey(this.#pen, event.key, event.shiftKey);
    if (pen === this.#pen) return;
    event.preventDefault();
    const wasDown = this.#pen.isDown;
    this.#movePen(pen);
    if (pen.isDown !== wasDown) this.#deps.say(describePen(pen));
  }

  #movePen(pen: KeyboardPen): void {
    const { drawing, penWidth, onChange } = this.#deps;
    const wasDown = this.#pen.isDown;
    this.#pen = pen;
    this.#placeNib();
    const point: InkPoint = { x: pen.x, y: pen.y, width: penWidth() };
    if (!wasDown && !pen.isDown) return;
    if (!wasDown) drawing.begin(point);
    else if (pen.isDown) drawing.extend([point]);
    else drawing.end();
    onChange();
  }

  #placeNib(): void {
    const { x, y, isDown } = this.#pen;
    this.#nib.style.left = `${(100 * x) / PAPER_SIDE}%`;
    this.#nib.style.top = `${(100 * y) / PAPER_SIDE}%`;
    this.#nib.classList.toggle('down', isDown);
  }

  #fitScreen(): void {
    const side = Math.max(1, Math.round(this.#canvas.clientWidth * devicePixelRatio));
    if (this.#canvas.width === side) return;
    this.#canvas.width = side;
    this.#canvas.height = side;
    show(this.#canvas, this.#deps.drawing.strokes, getComputedStyle(this.#canvas).color);
  }
}
