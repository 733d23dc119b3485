const SVG = 'http://www.w3.org/2000/svg';

/** Boxes to be laid over a picture. */
export interface Boxes {
  readonly element: SVGSVGElement;
  /** @param box x, y, width and height in pixels of the picture */
  add(box: readonly number[], className?: string): SVGRectElement;
}

/**
 * Boxes over a picture of `width x height` pixels that is shown as a whole: they are scaled and centred as the picture
 * is.
 */
export function boxOver(width: number, height: number): Boxes {
  const element = document.createElementNS(SVG, 'svg');
  element.setAttribute('class', 'found');
  element.setAttribute('viewBox', `0 0 ${width} ${height}`);
  element.setAttribute('aria-hidden', 'true');
  return {
    element,
    add([x = 0, y = 0, boxWidth = 0, boxHeight = 0], className = '') {
      const rectangle = document.createElementNS(SVG, 'rect');
      const place = { x, y, width: boxWidth, height: boxHeight };
      for (const [name, value] of Object.entries(place)) rectangle.setAttribute(name, String(value));
      if (className) rectangle.setAttribute('class', className);
      element.append(rectangle);
      return rectangle;
    },
  };
}
