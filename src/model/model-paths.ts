import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The model that the package ships and serves, of 8 bits (`inkdigit quantize`), whether this runs from `src/` or from
 * `dist/`; its card lies beside it.
 */
export function shippedModelPath(): string {
  return fileURLToPath(new URL('../../models/mnist.int8.onnx', import.meta.url));
}

/** The same in floats: what it was quantized from, what a training goes on from, and what others are compared with. */
export function floatModelPath(): string {
  return fileURLToPath(new URL('../../models/mnist.onnx', import.meta.url));
}

/** Where the card of a model lies: `mnist.onnx` -> `mnist.json`. */
export function cardPath(modelPath: string): string {
  return `${modelPath.replace(/\.onnx$/, '')}.json`;
}

/** The networks that find and read the digit in pictures that are no frames, as the role of each says. */
export interface PictureModelPaths {
  readonly finder: string;
  readonly reader: string;
  /** May be missing. */
  readonly thumbnail: string;
  readonly detector: string;
  readonly verifier: string;
}

/** They lie beside the model that reads frames. */
export function pictureModelPaths(modelPath: string): PictureModelPaths {
  const pathOf = (role: string): string => join(dirname(modelPath), `${role}.int8.onnx`);
  return {
    finder: pathOf('finder'),
    reader: pathOf('reader'),
    thumbnail: pathOf('thumbnail'),
    detector: pathOf('detector'),
    verifier: pathOf('verifier'),
  };
}
