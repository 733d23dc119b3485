import { fileURLToPath } from 'node:url';

/** The model that the package ships, whether this runs from `src/` or from `dist/`; its card lies beside it. */
export function shippedModelPath(): string {
  return fileURLToPath(new URL('../../models/mnist.onnx', import.meta.url));
}
