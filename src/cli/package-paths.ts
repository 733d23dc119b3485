import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package, whether this runs from `src/cli/` or from `dist/cli/`. */
export function packageRoot(): string {
  return fileURLToPath(new URL('../..', import.meta.url));
}

/** The model that the package ships; its card lies beside it. */
export function shippedModelPath(): string {
  return join(packageRoot(), 'models', 'mnist.onnx');
}
