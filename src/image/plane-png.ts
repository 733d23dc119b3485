import { crc32, deflateSync } from 'node:zlib';
import type { Plane } from './plane.js';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/**
 * A gray plane as a PNG file, lossless: 8 bits, gray alone. Read again it is the very same plane, as nothing else is in
 * it.
 */
export function planePng({ width, height, data }: Plane): Buffer {
  const rowBytes = width + 1; // each row begins with its filter; 0 is none
  const rows = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * width, (y + 1) * width), y * rowBytes + 1);
  return Buffer.concat([
    SIGNATURE,
    header(width, height),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The same as a `data:` URL. */
export function planePngUrl(plane: Plane): string {
  return `data:image/png;base64,${planePng(plane).toString('base64')}`;
}

/** PNG specification, 11.2.2 */
function header(width: number, height: number): Buffer {
  const content = Buffer.of(0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0);
  content.writeUInt32BE(width, 0);
  content.writeUInt32BE(height, 4);
  return chunk('IHDR', content);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
