/** Reads digits without a server and without ONNX Runtime: in pages and workers, in Deno and Bun, in Node. */
export { InkdigitError, type ErrorCode, type ItemError } from '../errors.js';
export type { NormalizeMode } from '../image/normalize-mode.js';
export type { NumberDigit, NumberLine, NumberReading } from '../model/number-reading.js';
export type { PixelBox, Reading } from '../model/readings.js';
export type { NumberConstraints } from '../numbers/rules.js';
export type { ReadNumberOptions } from '../reading/number-in-content.js';
export type { ReadFailure, ReadOptions, ReadResult, ReadSuccess } from '../reading/read-result.js';
export {
  openDigitReader,
  type BrowserDigitReader,
  type BrowserImage,
  type BrowserNumberOptions,
  type BrowserReaderOptions,
  type DecodableImage,
  type PixelImage,
} from './browser-reader.js';
export type { ModelBytes } from './load-model.js';
export type { ModelRole } from './model-names.js';
