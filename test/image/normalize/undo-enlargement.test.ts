import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Plane } from '../../../src/image/plane.js';
import { undoEnlargement } from '../../../src/image/normalize/undo-enlargement.js';
import { enlarge } from '../../helpers/data/digits.js';
import { anyPlane } from '../planes.js';

it('finds the smallest picture that the enlarged one can be made of', () => {
  const repeat = (plane: Plane, factor: number): Plane => {
    const { width, height, data } = enlarge({ ...plane, channels: 1 }, factor);
    return { width, height, data };
  };
  fc.assert(
    fc.property(anyPlane(9), fc.integer({ min: 1, max: 4 }), (plane, factor) => {
      const small = undoEnlargement(plane);
      expect(undoEnlargement(repeat(plane, factor))).toEqual(small);
      expect(repeat(small, plane.width / small.width)).toEqual(plane);
    }),
  );
});
