import { Transformer } from '@napi-rs/image';
import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../../image/frame.js';
import { html, type Html } from './markup.js';

/** A frame as an image of its own, four times as large, its pixels to be seen. */
export function frameImage(frame: Frame, alternativeText: string): Html {
  const side = 4 * FRAME_SIDE;
  return html`<img src="${pngUrl(frame)}" width="${side}" height="${side}" alt="${alternativeText}" />`;
}

/** A lossless grey PNG as a `data:` URL. */
export function pngUrl(frame: Frame): string {
  const rgba = new Uint8Array(FRAME_PIXELS * 4).fill(255);
  for (let i = 0; i < FRAME_PIXELS; i++) rgba.fill(frame[i]!, i * 4, i * 4 + 3);
  const png = Transformer.fromRgbaPixels(rgba, FRAME_SIDE, FRAME_SIDE).grayscale().pngSync();
  return `data:image/png;base64,${png.toString('base64')}`;
}
