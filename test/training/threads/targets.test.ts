import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeTargets } from '../../../src/training/threads/targets.js';

describe('writeTargets', () => {
  it.each([10, 11])('spreads its share over all of %i outputs, and gives the label the rest', (outputs) => {
    const labels = fc.uint8Array({ minLength: 1, maxLength: 5, max: outputs - 1 });
    fc.assert(
      fc.property(labels, fc.double({ min: 0, max: 0.9, noNaN: true }), (ofImages, smoothing) => {
        const targets = new Float32Array(ofImages.length * outputs).fill(7);
        writeTargets(targets, ofImages, smoothing);
        targets.forEach((target, i) => {
          const isLabel = i % outputs === ofImages[Math.floor(i / outputs)];
          expect(target).toBeCloseTo(smoothing / outputs + (isLabel ? 1 - smoothing : 0), 6);
        });
      }),
    );
  });
});
