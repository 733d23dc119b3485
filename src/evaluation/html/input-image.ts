import type { Plane } from '../../image/plane.js';
import { planePngUrl } from '../../image/plane-png.js';
import { html, type Html } from './markup.js';

/** Pixels of the page along an image: those of a frame are four times as large. */
const SIDE = 112;

/** What a model got, as an image of its own, its pixels to be seen. */
export function inputImage(input: Plane, alternativeText: string): Html {
  return html`<img src="${planePngUrl(input)}" width="${SIDE}" height="${SIDE}" alt="${alternativeText}" />`;
}
