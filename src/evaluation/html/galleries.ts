import type { LabelledFrames } from '../../data/labelled-frames.js';
import { frameAt, sliceFrames } from '../../image/frame.js';
import { corruptFrames, CORRUPTIONS } from '../corruptions.js';
import type { Misread } from '../metrics.js';
import { grouped, percent } from '../report.js';
import type { Robustness } from '../robustness.js';
import { frameImage } from './frame-image.js';
import { html, type Html } from './markup.js';

/** More would make a page of megabytes; a model that misreads more has greater faults than single images. */
const MAX_MISREAD_SHOWN = 200;

/** The misread images: truth, answer, its probability and where the image is to be found. */
export function misreadGallery(
  misread: readonly Misread[],
  { frames }: LabelledFrames,
  nameOf: (index: number) => string,
): Html {
  if (misread.length === 0) return html`<p>Every image was read right.</p>`;
  const shown = misread.slice(0, MAX_MISREAD_SHOWN);
  const which =
    shown.length === misread.length
      ? 'All of them, the most confident first.'
      : `The ${shown.length} most confident of ${grouped(misread.length)}.`;
  return html`<p class="quiet">${which}</p>
    <ul class="gallery">
      ${shown.map(
        ({ index, truth, answer, probability }) =>
          html`<li>
            ${frameImage(frameAt(frames, index), `a ${truth} that was read as ${answer}`)}
            <strong>${truth} read as ${answer}</strong>
            <span>${percent(probability)}</span>
            <span class="quiet">${nameOf(index)}</span>
          </li>`,
      )}
    </ul>`;
}

/** The error of each corruption, with the first image of the data as it looks then. */
export function robustnessGallery({ corruptions }: Robustness, { frames }: LabelledFrames): Html {
  const first = sliceFrames(frames, 0, 1);
  const errors = new Map(corruptions.map((result) => [result.name, result]));
  return html`<ul class="gallery">
    <li>
      ${frameImage(first.pixels, 'the first image as it is')}
      <strong>as it is</strong>
    </li>
    ${CORRUPTIONS.map((corruption) => {
      const name = corruption.name.replaceAll('_', ' ');
      const error = errors.get(corruption.name)?.error ?? 0;
      const spoilt = corruptFrames(corruption, first);
      return html`<li>
        ${frameImage(spoilt.pixels, `the first image with ${name}`)}
        <strong>${name}</strong>
        <span>${percent(error)} wrong</span>
        <span class="meter"><i style="width: ${(error * 100).toFixed(2)}%"></i></span>
      </li>`;
    })}
  </ul>`;
}
