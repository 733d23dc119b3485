import { resolve } from 'node:path';
import { InkdigitError } from '../../errors.js';

/**
 * The path of a model that is made from another: `x.<kind>.onnx` beside `x.onnx` unless `--out` names a file.
 * @throws InkdigitError `invalid_option` for a name without `.onnx`, or the model that is read
 */
export function derivedPath(command: string, from: string, kind: string, out: string | undefined): string {
  for (const [what, path] of [
    [`${command} takes a model`, from],
    ['--out names the model', out ?? from],
  ] as const) {
    if (!path.endsWith('.onnx')) {
      throw new InkdigitError('invalid_option', `${what}, a file ending in .onnx; got ${path}.`);
    }
  }
  const path = resolve(out ?? `${from.slice(0, -'.onnx'.length)}.${kind}.onnx`);
  if (path === resolve(from)) {
    throw new InkdigitError('invalid_option', `--out names the model that is read, ${from}; choose another.`);
  }
  return path;
}
