/** A file of an archive. */
export interface ZipEntry {
  /** With `/` between folders. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** Paths are UTF-8; version 2.0 is what folders need. */
const UTF8_FLAG = 0x0800;
const VERSION = 20;

/** The first day that the format knows: two archives of the same files are the same. */
const DAY = (1 << 5) | 1;

/**
 * A ZIP archive (PKWARE APPNOTE 6.3, without ZIP64) of files as they are: pictures do not get smaller.
 * @throws RangeError for more than 65,535 files or 4 GiB
 */
export function zip(entries: readonly ZipEntry[]): Uint8Array<ArrayBuffer> {
  if (entries.length > 0xffff)
    throw new RangeError(`a ZIP archive has 65,535 files at most, got ${entries.length}`);
  const files = entries.map(({ path, bytes }) => ({
    name: new TextEncoder().encode(path),
    bytes,
    crc: crc32(bytes),
  }));
  const size = files.reduce((sum, { name, bytes }) => sum + 76 + 2 * name.length + bytes.length, 22);
  if (size > 0xffffffff) throw new RangeError(`a ZIP archive has 4 GiB at most, got ${size} bytes`);
  const out = new Writer(size);
  const starts = files.map((file) => {
    const start = out.at;
    out.u32(LOCAL);
    writeCommon(out, file);
    out.raw(file.name);
    out.raw(file.bytes);
    return start;
  });
  const directory = out.at;
  files.forEach((file, i) => {
    out.u32(CENTRAL);
    out.u16(VERSION);
    writeCommon(out, file);
    // No comment, disk 0, no attributes.
    for (const zero of [0, 0, 0]) out.u16(zero);
    out.u32(0);
    out.u32(starts[i] ?? 0);
    out.raw(file.name);
  });
  const end = out.at;
  out.u32(END);
  for (const value of [0, 0, files.length, files.length]) out.u16(value);
  out.u32(end - directory);
  out.u32(directory);
  out.u16(0);
  return out.bytes;
}

/** What both headers of a file have. */
function writeCommon(
  out: Writer,
  { name, bytes, crc }: { readonly name: Uint8Array; readonly bytes: Uint8Array; readonly crc: number },
): void {
  // Version, flags, stored as it is, time and day.
  for (const value of [VERSION, UTF8_FLAG, 0, 0, DAY]) out.u16(value);
  for (const value of [crc, bytes.length, bytes.length]) out.u32(value);
  out.u16(name.length);
  out.u16(0);
}

class Writer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  at = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  u16(value: number): void {
    this.#view.setUint16(this.at, value, true);
    this.at += 2;
  }

  u32(value: number): void {
    this.#view.setUint32(this.at, value, true);
    this.at += 4;
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }
}

/** CRC-32 as ZIP and PNG have it: polynomial 0xedb88320, bits reversed. */
export function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
