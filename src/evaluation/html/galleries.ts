import { planeOfFrame, type Frame } from '../../image/frame.js';
import type { Plane } from '../../image/plane.js';
import { corruptFrames, CORRUPTIONS } from '../corruptions/corruptions.js';
import type { Misclassified } from '../metrics.js';
import { grouped, percent } from '../report.js';
import type { Robustness } from '../corruptions/robustness.js';
import { inputImage } from './input-image.js';
import { html, type Html } from './markup.js';

/** More would make a page of megabytes; a model that misclassifies more has greater faults than single images. */
const MAX_MISCLASSIFIED_SHOWN = 200;

/** The misclassified images: truth, answer, its probability and where the image is to be found. */
export function misclassifiedGallery(
  misclassified: readonly Misclassified[],
  inputOf: (index: number) => Plane,
  nameOf: (index: number) => string,
): Html {
  if (misclassified.length === 0) return html`<p>Every image was classified correctly.</p>`;
  const shown = misclassified.slice(0, MAX_MISCLASSIFIED_SHOWN);
  const which =
    shown.length === misclassified.length
      ? 'All of them, the most confident first.'
      : `The ${shown.length} most confident of ${grouped(misclassified.length)}.`;
  return html`<p class="quiet">${which}</p>
    <ul class="gallery">
      ${shown.map(
        ({ index, truth, answer, probability }) =>
          html`<li>
            ${inputImage(inputOf(index), `a ${truth} that was read as ${answer}`)}
            <strong>${truth} read as ${answer}</strong>
            <span>${percent(probability)}</span>
            <span class="quiet">${nameOf(index)}</span>
          </li>`,
      )}
    </ul>`;
}

/** The error of each corruption, with the first frame of the data as it looks then. */
export function robustnessGallery({ corruptions }: Robustness, first: Frame): Html {
  const errors = new Map(corruptions.map((result) => [result.name, result]));
  return html`<ul class="gallery">
    <li>
      ${inputImage(planeOfFrame(first), 'the first image as it is')}
      <strong>as it is</strong>
    </li>
    ${CORRUPTIONS.map((corruption) => {
      const name = corruption.name.replaceAll('_', ' ');
      const error = errors.get(corruption.name)?.error ?? 0;
      const corrupted = corruptFrames(corruption, { count: 1, pixels: first });
      return html`<li>
        ${inputImage(planeOfFrame(corrupted.pixels), `the first image with ${name}`)}
        <strong>${name}</strong>
        <span>${percent(error)} wrong</span>
        <span class="meter"><i style="width: ${(error * 100).toFixed(2)}%"></i></span>
      </li>`;
    })}
  </ul>`;
}
