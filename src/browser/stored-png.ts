import type { Plane } from '../image/plane.js';

/** The most bytes of a stored block of deflate. */
const BLOCK = 65_535;
const BLOCK_HEAD = 5;

/** Before the first block: signature, header, the head of the data, the head of zlib. */
const FIRST_BLOCK = 8 + (12 + 13) + 8 + 2;

/** Behind the last block: the check sums of zlib and of the data, the end. */
const AFTER_BLOCKS = 4 + 4 + 12;

const URL_HEAD = 'data:image/png;base64,';

/**
 * A gray plane as a PNG file, as `planePng` writes it but not compressed, as browsers have no zlib that answers at
 * once.
 */
export function storedPng({ width, height, data }: Plane): Uint8Array {
  const rows = new Uint8Array((width + 1) * height); // each row begins with its filter; 0 is none
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = new Uint8Array(13);
  const sizes = new DataView(header.buffer);
  sizes.setUint32(0, width);
  sizes.setUint32(4, height);
  header[8] = 8; // bits; what follows is 0: gray, no interlacing
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', zlibOf(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** The same as a `data:` URL. */
export function storedPngUrl(plane: Plane): string {
  return `${URL_HEAD}${btoa(String.fromCharCode(...storedPng(plane)))}`;
}

/**
 * The plane in such a URL.
 * @returns null where it is none that `storedPngUrl` made
 */
export function planeOfStoredPng(url: string): Plane | null {
  if (!url.startsWith(URL_HEAD)) return null;
  const bytes = Uint8Array.from(atob(url.slice(URL_HEAD.length)), (one) => one.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  if (bytes.length < FIRST_BLOCK) return null;
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const rows = new Uint8Array((width + 1) * height);
  if (bytes.length !== storedSize(rows.length)) return null;
  for (let from = 0, at = FIRST_BLOCK; from < rows.length; from += BLOCK) {
    const block = bytes.subarray(at + BLOCK_HEAD, at + BLOCK_HEAD + Math.min(BLOCK, rows.length - from));
    rows.set(block, from);
    at += BLOCK_HEAD + block.length;
  }
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    data.set(rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1)), y * width);
  }
  return { width, height, data };
}

/** Bytes of a file. @param rows bytes of its rows */
function storedSize(rows: number): number {
  return FIRST_BLOCK + rows + BLOCK_HEAD * Math.ceil(rows / BLOCK) + AFTER_BLOCKS;
}

/** RFC 1950 around the stored blocks of RFC 1951. */
function zlibOf(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let from = 0; from < bytes.length; from += BLOCK) {
    const block = bytes.subarray(from, from + BLOCK);
    const isLast = from + BLOCK >= bytes.length;
    const { length } = block;
    parts.push(
      Uint8Array.of(Number(isLast), length & 255, length >> 8, ~length & 255, (~length >> 8) & 255),
      block,
    );
  }
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  parts.push(Uint8Array.of(b >> 8, b & 255, a >> 8, a & 255));
  return joined(parts);
}

/** PNG specification, 5.3 */
function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(content, 8);
  view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8)));
  return bytes;
}

/** PNG specification, annex D; bit by bit, as the pictures are small. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
