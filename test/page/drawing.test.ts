import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Drawing } from '../../page/drawing.js';
import type { InkPoint, InkStroke } from '../../page/ink.js';

const at = (x: number, y = x): InkPoint => ({ x, y, width: 10 });

function stroke(drawing: Drawing, ...points: InkPoint[]): void {
  const [first = at(0), ...others] = points;
  drawing.begin(first);
  drawing.extend(others);
  drawing.end();
}

describe('Drawing', () => {
  it('shows the stroke under the pen, and makes it a step when the pen leaves', () => {
    const drawing = new Drawing();
    expect([drawing.isEmpty, drawing.canUndo, drawing.canRedo]).toEqual([true, false, false]);
    drawing.begin(at(1));
    expect(drawing.strokes).toEqual([[at(1)]]);
    expect(drawing.extend([at(2), at(3)])).toBe(true);
    drawing.end();
    drawing.end();
    expect(drawing.strokes).toEqual([[at(1), at(2), at(3)]]);
    drawing.undo();
    expect([drawing.isEmpty, drawing.canUndo, drawing.canRedo]).toEqual([true, false, true]);
  });

  it('tells other ink by another number, and the same ink by the same', () => {
    const drawing = new Drawing();
    const seen = [drawing.ink];
    const step = (change: () => unknown, isOther: boolean): void => {
      change();
      expect(seen.includes(drawing.ink)).toBe(!isOther);
      seen.push(drawing.ink);
    };
    step(() => drawing.begin(at(1)), true);
    step(() => drawing.extend([at(1.1)]), false);
    step(() => drawing.extend([at(5)]), true);
    step(() => drawing.end(), false);
    step(() => drawing.undo(), true);
    step(() => drawing.redo(), true);
    step(() => drawing.redo(), false);
    step(() => drawing.begin(at(7)), true);
    step(() => drawing.cancel(), true);
    step(() => drawing.replace([[at(3)]]), true);
    step(() => drawing.clear(), true);
    step(() => drawing.clear(), false);
  });

  it('leaves points out that say nothing new, and moves of a pen that is up', () => {
    const drawing = new Drawing();
    expect(drawing.extend([at(5)])).toBe(false);
    drawing.begin(at(1));
    expect(drawing.extend([at(1), at(1.2)])).toBe(false);
    expect(drawing.extend([at(1.2), at(4)])).toBe(true);
    expect(drawing.strokes).toEqual([[at(1), at(4)]]);
  });

  it('drops what was no stroke after all', () => {
    const drawing = new Drawing();
    stroke(drawing, at(1));
    drawing.begin(at(9));
    drawing.cancel();
    expect(drawing.strokes).toEqual([[at(1)]]);
    drawing.undo();
    expect(drawing.isEmpty).toBe(true);
  });

  it('takes back the stroke under the pen first', () => {
    const drawing = new Drawing();
    stroke(drawing, at(1));
    drawing.begin(at(9));
    drawing.undo();
    expect(drawing.strokes).toEqual([[at(1)]]);
    drawing.redo();
    expect(drawing.strokes).toEqual([[at(1)], [at(9)]]);
  });

  it('takes back clearing, and does not count clearing an empty paper', () => {
    const drawing = new Drawing();
    drawing.clear();
    expect(drawing.canUndo).toBe(false);
    stroke(drawing, at(1));
    drawing.clear();
    expect(drawing.isEmpty).toBe(true);
    drawing.undo();
    expect(drawing.strokes).toEqual([[at(1)]]);
  });

  it('forgets what was undone when something new is drawn', () => {
    const drawing = new Drawing();
    stroke(drawing, at(1));
    drawing.undo();
    stroke(drawing, at(2));
    expect(drawing.canRedo).toBe(false);
    expect(drawing.strokes).toEqual([[at(2)]]);
  });

  it('behaves as a list of all states with a place in it, whatever is done', () => {
    const step = fc.constantFrom('stroke', 'clear', 'undo', 'redo');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const drawing = new Drawing();
        const states: (readonly InkStroke[])[] = [[]];
        let place = 0;
        for (const [i, name] of steps.entries()) {
          const now = states[place] ?? [];
          if (name === 'stroke') stroke(drawing, at(i));
          else drawing[name]();
          if (name === 'undo') place = Math.max(0, place - 1);
          else if (name === 'redo') place = Math.min(states.length - 1, place + 1);
          else if (name === 'stroke' || now.length > 0) {
            states.splice(place + 1, Infinity, name === 'stroke' ? [...now, [at(i)]] : []);
            place += 1;
          }
          expect(drawing.strokes).toEqual(states[place]);
          expect([drawing.canUndo, drawing.canRedo]).toEqual([place > 0, place < states.length - 1]);
        }
      }),
    );
  });

  it('can undo the last 500 steps, no more', () => {
    const drawing = new Drawing();
    for (let i = 0; i < 600; i++) stroke(drawing, at(i));
    let undone = 0;
    for (; drawing.canUndo; undone++) drawing.undo();
    expect(undone).toBe(500);
    expect(drawing.strokes).toHaveLength(100);
  });
});
