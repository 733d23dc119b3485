import { PAPER_SIDE, type InkStroke } from '../../ink.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Strokes as a small picture that takes its colour from where it is. */
export function pictureOfStrokes(strokes: readonly InkStroke[], className = ''): SVGSVGElement {
  const picture = document.createElementNS(SVG, 'svg');
  picture.setAttribute('viewBox', `0 0 ${PAPER_SIDE} ${PAPER_SIDE}`);
  picture.setAttribute('class', `strokes ${className}`.trim());
  picture.setAttribute('aria-hidden', 'true');
  for (const stroke of strokes) {
    const path = document.createElementNS(SVG, 'path');
    const points = stroke.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`);
    // A dot is a line without length, which round ends make visible.
    path.setAttribute('d', `M${points.join('L')}${points.length === 1 ? 'h0' : ''}`);
    path.setAttribute('stroke-width', String(stroke[0]?.width ?? 0));
    // Whatever its length: what is drawn of it is told as a share.
    path.setAttribute('pathLength', '1');
    picture.append(path);
  }
  return picture;
}
