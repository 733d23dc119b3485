import type { Component } from './components.js';
import { around, longSide, type Box } from '../plane.js';

/** Sizes of what is no digit, as shares. */
const SHARES = {
  /** Of the picture's longer side: a digit is larger. */
  smallestDigit: 0.04,
  /** Of the area of the largest part: a speck is smaller. */
  speck: 0.03,
  /** Of the longer side of all parts so far: the next part is no farther away. */
  reach: 0.5,
  /** Of a component's longer side that lies on the picture's border: it is a shadow's or a table's edge. */
  alongBorder: 0.5,
  /** Of the area of what lies along the border: with so much elsewhere, that is the digit. */
  besideBorder: 0.1,
};

/**
 * Which components make up the digit: the largest, and all around it that are no specks. What lies along the border is
 * part of it only where there is nothing else.
 * @param sure a component whose peak is lower is no ink
 * @returns for each component whether it is part of the digit
 */
export function digitParts(
  components: readonly Component[],
  { width, height }: { readonly width: number; readonly height: number },
  sure: number,
): readonly boolean[] {
  const least = SHARES.smallestDigit * Math.max(width, height);
  const inked = components.filter(({ peak }) => peak >= sure);
  const free = inked.filter((component) => !liesAlongBorder(component));
  const largestFree = largest(free);
  const largestOfAll = largest(inked);
  if (!largestOfAll) return components.map(() => false);
  const candidates =
    largestFree &&
    longSide(largestFree) >= least &&
    largestFree.area >= SHARES.besideBorder * borderArea(inked)
      ? free
      : inked;
  const main = largest(candidates) ?? largestOfAll;
  if (longSide(main) < least) return components.map(() => false);
  const parts = partsAround(main, candidates, SHARES.reach);
  return components.map((component) => parts.has(component));
}

function liesAlongBorder(component: Component): boolean {
  return component.onBorder > SHARES.alongBorder * longSide(component);
}

function borderArea(components: readonly Component[]): number {
  return largest(components.filter(liesAlongBorder))?.area ?? 0;
}

function largest(components: readonly Component[]): Component | undefined {
  let found: Component | undefined;
  for (const component of components) if (!found || component.area > found.area) found = component;
  return found;
}

function partsAround(
  main: Component,
  candidates: readonly Component[],
  reach: number,
): ReadonlySet<Component> {
  const parts = new Set([main]);
  let box: Box = main;
  // What comes in over the picture's border is part of a digit only where the digit itself does.
  const mayTouch = main.onBorder > 0;
  let others = candidates.filter(
    (component) =>
      component !== main &&
      component.area >= SHARES.speck * main.area &&
      (mayTouch || component.onBorder === 0),
  );
  for (;;) {
    const near = others.filter((component) => gap(box, component) <= reach * longSide(box));
    if (near.length === 0) return parts;
    for (const component of near) {
      parts.add(component);
      box = around(box, component);
    }
    others = others.filter((component) => !parts.has(component));
  }
}

/** Pixels between two boxes, along the axis on which they lie farther apart. */
function gap(a: Box, b: Box): number {
  const across = Math.max(a.left, b.left) - Math.min(a.right, b.right);
  const down = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
  return Math.max(0, across, down);
}
