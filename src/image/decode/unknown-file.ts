import { startsWith } from '../formats/format.js';

/** What a file of another kind begins with, Latin-1. */
type Beginning = readonly [magic: string, offset: number, name: string];

/** Pictures, which other programs can save as one of the formats that are read. */
const OTHER_PICTURES: readonly Beginning[] = [
  ['ftypavif', 4, 'an AVIF picture'],
  ['ftypcrx', 4, 'a raw photo of a Canon camera'],
  ['ftyp', 4, 'a HEIC picture or a video'],
  ['\xff\x0a', 0, 'a JPEG XL picture'],
  ['\0\0\0\x0cJXL \r\n\x87\n', 0, 'a JPEG XL picture'],
  ['\xff\x4f\xff\x51', 0, 'a JPEG 2000 picture'],
  ['\0\0\0\x0cjP  \r\n\x87\n', 0, 'a JPEG 2000 picture'],
  ['\0\0\x01\0', 0, 'a Windows icon'],
  ['8BPS', 0, 'a Photoshop document'],
  ['gimp xcf', 0, 'a GIMP picture'],
  ['qoif', 0, 'a QOI picture'],
  ['\x76\x2f\x31\x01', 0, 'an OpenEXR picture'],
  ['DDS ', 0, 'a DirectDraw surface'],
  ['DICM', 128, 'a DICOM file'],
  ['%!PS', 0, 'a PostScript document'],
  ['%PDF', 0, 'a PDF document'],
  ['FUJIFILMCCD-RAW', 0, 'a raw photo of a Fujifilm camera'],
  ['II\x55\0', 0, 'a raw photo of a Panasonic camera'],
  ['IIRO', 0, 'a raw photo of an Olympus camera'],
  ['II+\0', 0, 'a BigTIFF file'],
  ['MM\0+', 0, 'a BigTIFF file'],
];

const OTHER_FILES: readonly Beginning[] = [
  ['PK\x03\x04', 0, 'a ZIP archive'],
  ['\x1f\x8b', 0, 'a gzip file'],
  ['\x93NUMPY', 0, 'a NumPy array'],
  ['\0\0\x08', 0, 'an IDX file (MNIST keeps its images in such)'],
];

/**
 * https://netpbm.sourceforge.net/doc/: bitmaps, graymaps and pixmaps go on with a number or a comment, PAM with a
 * field.
 */
const NETPBM = /^P([1-6]\s+[\d#]|7\s+[A-Z#])/;

const SAVE_AS = '; save it as PNG or JPEG and send that';

/** How much of a text is looked at. */
const TEXT_SAMPLE_BYTES = 256;

/** What bytes that are no image look like, in a few words. */
export function describeUnknown(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing: the file is empty';
  const picture =
    nameIn(OTHER_PICTURES, bytes) ?? (isNetpbm(bytes) ? 'a PPM, PGM or PBM picture' : undefined);
  if (picture !== undefined) return picture + SAVE_AS;
  return (
    nameIn(OTHER_FILES, bytes) ??
    describeText(bytes) ??
    `${bytes.length} bytes that begin with ${hex(bytes.subarray(0, 8))}`
  );
}

function nameIn(files: readonly Beginning[], bytes: Uint8Array): string | undefined {
  return files.find(([magic, offset]) => startsWith(bytes, magic, offset))?.[2];
}

function isNetpbm(bytes: Uint8Array): boolean {
  return NETPBM.test(String.fromCharCode(...bytes.subarray(0, 16)));
}

function describeText(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes.subarray(0, TEXT_SAMPLE_BYTES)).trimStart();
  if (!isText(text)) return undefined;
  if (/^(<!doctype html|<html)/i.test(text)) return 'an HTML page';
  if (/<svg/i.test(text)) return `an SVG picture${SAVE_AS}`;
  if (/^<\?xml/i.test(text)) return 'an XML document';
  if (/^[{[]/.test(text)) return 'JSON text';
  if (/^(data:image|iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|SUkqA|TU0AK)/.test(text)) {
    return 'an image in base64; decode it first';
  }
  return `the text ${JSON.stringify(text.slice(0, 20))}`;
}

/** No control characters but tab and line ends, and nothing that is not UTF-8, save where the sample's end cuts. */
function isText(text: string): boolean {
  return Array.from(text.slice(0, -1)).every(
    (character) => (character >= ' ' || '\t\n\r'.includes(character)) && character !== '\ufffd',
  );
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
