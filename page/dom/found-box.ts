const SVG = 'http://www.w3.org/2000/svg';

/**
 * Where the digit was found, to be laid over a picture that is shown as a whole: it is scaled and centred as the
 * picture is.
 * @param box x, y, width and height in pixels of the picture, which has `width x height` of them
 */
export function foundBox(
  [x = 0, y = 0, boxWidth = 0, boxHeight = 0]: readonly number[],
  width: number,
  height: number,
): SVGSVGElement {
  const rectangle = document.createElementNS(SVG, 'rect');
  const place = { x, y, width: boxWidth, height: boxHeight };
  for (const [name, value] of Object.entries(place)) rectangle.setAttribute(name, String(value));
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'found');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(rectangle);
  return svg;
}
