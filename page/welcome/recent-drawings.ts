import type { InkStroke } from '../ink.js';

/** A drawing that was put away, and what was read in it. */
export interface RecentDrawing {
  readonly strokes: readonly InkStroke[];
  /** "7", "42", "1 or 7?", "Not a digit". */
  readonly read: string;
}

const MAX_DRAWINGS = 8;

/** The last drawings of this visit, the newest first; they are gone with the page. */
export class RecentDrawings {
  #drawings: readonly RecentDrawing[] = [];

  get all(): readonly RecentDrawing[] {
    return this.#drawings;
  }

  /** One that is put away again is not kept twice. */
  add(drawing: RecentDrawing): void {
    const others = this.#drawings.filter(({ strokes }) => !isSame(strokes, drawing.strokes));
    this.#drawings = [drawing, ...others].slice(0, MAX_DRAWINGS);
  }
}

/** Strokes are never changed, so that the same ones are the same objects. */
function isSame(a: readonly InkStroke[], b: readonly InkStroke[]): boolean {
  return a.length === b.length && a.every((stroke, i) => stroke === b[i]);
}
