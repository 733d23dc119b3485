import { FRAME_SIDE, type Frame } from '../../image/frame.js';
import { framePngUrl } from '../../image/frame-png.js';
import { html, type Html } from './markup.js';

/** A frame as an image of its own, four times as large, its pixels to be seen. */
export function frameImage(frame: Frame, alternativeText: string): Html {
  const side = 4 * FRAME_SIDE;
  return html`<img src="${framePngUrl(frame)}" width="${side}" height="${side}" alt="${alternativeText}" />`;
}
