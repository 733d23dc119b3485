export {
  MnistClient,
  type ClassifyOptions,
  type ImageSource,
  type PartialClassifyOptions,
  type ReadOptions,
} from './mnist-client.js';
export { MnistClientError, type ClientErrorCode, type ImageError } from './client-error.js';
export type { MnistClientOptions } from './options.js';
export type { ModelCard } from './wire.js';
export type {
  Classification,
  ClassifyQuery,
  DetailedClassification,
  FailedImage,
  NumberAnswer,
} from '../api/schemas.js';
