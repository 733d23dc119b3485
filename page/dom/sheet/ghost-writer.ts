import type { Drawing } from '../../drawing.js';
import type { InkStroke } from '../../ink.js';

/** A sample is written in this time, however long its strokes are. */
const WRITING_MS = 900;

/** Writes strokes as a hand would, so that one sees them read; at once for who wants no motion. */
export class GhostWriter {
  readonly #drawing: Drawing;
  readonly #onChange: () => void;
  #run = 0;

  constructor(drawing: Drawing, onChange: () => void) {
    this.#drawing = drawing;
    this.#onChange = onChange;
  }

  /** Whatever is being written stays as far as it is. */
  stop(): void {
    this.#run += 1;
  }

  write(strokes: readonly InkStroke[]): void {
    this.stop();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.#drawing.replace(strokes);
      this.#onChange();
      return;
    }
    const run = this.#run;
    const points = strokes.flatMap((stroke) => stroke.map((point, i) => ({ point, isFirst: i === 0 })));
    const startedMs = performance.now();
    let written = 0;
    const step = (): void => {
      if (run !== this.#run) return;
      const due = Math.ceil(((performance.now() - startedMs) / WRITING_MS) * points.length);
      for (; written < Math.min(due, points.length); written++) {
        const next = points[written];
        if (!next) break;
        if (next.isFirst) this.#drawing.begin(next.point);
        else this.#drawing.extend([next.point]);
      }
      if (written === points.length) this.#drawing.end();
      else requestAnimationFrame(step);
      this.#onChange();
    };
    requestAnimationFrame(step);
  }
}
