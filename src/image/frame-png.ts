import { crc32, deflateSync } from 'node:zlib';
import { FRAME_SIDE, type Frame } from './frame.js';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** The header of every frame's file: 28 x 28, 8 bits, gray alone (PNG specification, 11.2.2). */
const HEADER = chunk('IHDR', Buffer.of(0, 0, 0, FRAME_SIDE, 0, 0, 0, FRAME_SIDE, 8, 0, 0, 0, 0));

/** A frame as a gray PNG file, lossless. Read again it is the very same frame, as nothing else is in it. */
export function framePng(frame: Frame): Buffer {
  const rowBytes = FRAME_SIDE + 1; // each row begins with its filter; 0 is none
  const rows = Buffer.alloc(rowBytes * FRAME_SIDE);
  for (let y = 0; y < FRAME_SIDE; y++) {
    rows.set(frame.subarray(y * FRAME_SIDE, (y + 1) * FRAME_SIDE), y * rowBytes + 1);
  }
  return Buffer.concat([SIGNATURE, HEADER, chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** The same as a `data:` URL. */
export function framePngUrl(frame: Frame): string {
  return `data:image/png;base64,${framePng(frame).toString('base64')}`;
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
