import { fileURLToPath } from 'node:url';

/** The model that the package ships, whether this runs from `src/` or from `dist/`; its card lies beside it. */
export function shippedModelPath(): string {
  return fileURLToPath(new URL('../../models/mnist.onnx', import.meta.url));
}

/** Where the card of a model lies: `mnist.onnx` -> `mnist.json`. */
export function cardPath(modelPath: string): string {
  return `${modelPath.replace(/\.onnx$/, '')}.json`;
}
