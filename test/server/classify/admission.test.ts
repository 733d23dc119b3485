import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission } from '../../../src/server/classify/admission.js';

describe('Admission', () => {
  it(
    'never has more images in flight than it may, and is full while there is no room, or was none for the ' +
      'last',
    () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 100 }),
          fc.array(fc.record({ images: fc.integer({ min: 1, max: 40 }), leaves: fc.boolean() })),
          (max, arrivals) => {
            const admission = new Admission(max);
            const inside: number[] = [];
            let isCrowded = false;
            const sum = (): number => inside.reduce((a, b) => a + b, 0);
            for (const { images, leaves } of arrivals) {
              const before = sum();
              const isAdmitted = admission.admit(images);
              expect(isAdmitted).toBe(before + images <= max);
              if (isAdmitted) inside.push(images);
              else isCrowded = true;
              expect(admission.isFull).toBe(isCrowded || sum() === max);
              const first = leaves ? inside.shift() : undefined;
              if (first === undefined) continue;
              admission.release(first);
              isCrowded = false;
              expect(admission.isFull).toBe(false);
            }
          },
        ),
      );
    },
  );
});
