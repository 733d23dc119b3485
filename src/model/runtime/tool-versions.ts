import { env } from './onnx-runtime.js';

/** What made a model, for its card. @param version of this project */
export function toolVersions(version: string): Record<string, string> {
  return {
    inkdigit: version,
    'onnxruntime-node': env.versions.node ?? 'unknown',
    node: process.versions.node,
  };
}
