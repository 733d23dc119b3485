import { isNewPoint, type InkPoint, type InkStroke } from './ink.js';

/** Steps that can be undone; older ones are forgotten. */
const MAX_STEPS = 500;

/**
 * What was drawn, with every earlier state. A state is the list of its strokes; states share them, so that a step
 * costs a list. Clearing is a step like any other.
 */
export class Drawing {
  #states: (readonly InkStroke[])[] = [[]];
  #at = 0;
  #open: InkPoint[] | null = null;
  #ink = 0;

  /** Everything that is on the paper, the stroke under the pen included. */
  get strokes(): readonly InkStroke[] {
    const settled = this.#states[this.#at] ?? [];
    return this.#open ? [...settled, this.#open] : settled;
  }

  /** Another number whenever other ink lies on the paper: not where the pen only leaves it. */
  get ink(): number {
    return this.#ink;
  }

  get isEmpty(): boolean {
    return this.strokes.length === 0;
  }

  /** Whether a stroke is being drawn. */
  get isPenDown(): boolean {
    return this.#open !== null;
  }

  get canUndo(): boolean {
    return this.#open !== null || this.#at > 0;
  }

  get canRedo(): boolean {
    return this.#open === null && this.#at < this.#states.length - 1;
  }

  /** The pen touches the paper. */
  begin(point: InkPoint): void {
    this.end();
    this.#ink++;
    this.#open = [point];
  }

  /** The pen moves; without effect while it is up. @returns whether anything was added. */
  extend(points: readonly InkPoint[]): boolean {
    const open = this.#open;
    if (!open) return false;
    const before = open.length;
    for (const point of points) if (isNewPoint(open.at(-1), point)) open.push(point);
    if (open.length === before) return false;
    this.#ink++;
    return true;
  }

  /** The pen leaves the paper: from here on the stroke is a step. */
  end(): void {
    if (!this.#open) return;
    const stroke = this.#open;
    this.#open = null;
    this.#step([...this.strokes, stroke]);
  }

  /** What is under the pen was no stroke after all. */
  cancel(): void {
    this.#ink++;
    this.#open = null;
  }

  /** Takes back the last step; a stroke under the pen is one. */
  undo(): void {
    this.end();
    this.#ink++;
    this.#at = Math.max(0, this.#at - 1);
  }

  redo(): void {
    if (!this.canRedo) return;
    this.#ink++;
    this.#at += 1;
  }

  /** Other strokes lie on the paper from here on; that is a step like any other. */
  replace(strokes: readonly InkStroke[]): void {
    this.end();
    this.#ink++;
    this.#step(strokes);
  }

  clear(): void {
    this.end();
    if (this.isEmpty) return;
    this.#ink++;
    this.#step([]);
  }

  #step(state: readonly InkStroke[]): void {
    this.#states = [...this.#states.slice(0, this.#at + 1), state].slice(-MAX_STEPS - 1);
    this.#at = this.#states.length - 1;
  }
}
