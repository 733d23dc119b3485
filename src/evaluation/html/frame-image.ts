import { FRAME_SIDE, planeOfFrame, type Frame } from '../../image/frame.js';
import { planePngUrl } from '../../image/plane-png.js';
import { html, type Html } from './markup.js';

/** A frame as an image of its own, four times as large, its pixels to be seen. */
export function frameImage(frame: Frame, alternativeText: string): Html {
  const side = 4 * FRAME_SIDE;
  return html`<img
    src="${planePngUrl(planeOfFrame(frame))}"
    width="${side}"
    height="${side}"
    alt="${alternativeText}"
  />`;
}
