/** The library: from the bytes of image files to digits, in the calling process. `inkdigit/client` asks a server. */
export { InkdigitError, type ErrorCode, type ItemError } from './errors.js';
export type { DecodeOptions } from './image/decode/decode.js';
export { FRAME_PIXELS, FRAME_SIDE, packFrames, type Frame, type FrameBatch } from './image/frame.js';
export { NORMALIZE_MODES, type NormalizeMode } from './image/normalize-mode.js';
export type { ReadFrameOptions } from './image/read-image.js';
export { createClassifier, openModel, type ClassifierOptions, type Model } from './model/classifier.js';
export type { Classifier } from './reading/network-classifier.js';
export type { ModelCard } from './model/card/card.js';
export { openDigitReader, type DigitReader } from './model/digit-reader.js';
export { shippedModelPath } from './model/model-paths.js';
export { readFrame } from './model/pictures/read-frame.js';
export type { PixelBox, Reading } from './model/readings.js';
export { openNumberReader, readNumber, type NumberReaderOfFiles } from './model/read-number.js';
export type { ReadNumberOptions } from './reading/number-in-content.js';
export type { ReadFailure, ReadOptions, ReadResult, ReadSuccess } from './reading/read-result.js';
export type { NumberDigit, NumberLine, NumberReading } from './model/number-reading.js';
export type { NumberConstraints } from './numbers/rules.js';
