/**
 * The one door to ONNX Runtime: nothing else of this project imports `onnxruntime-node` (`.oxlintrc.json`). Left
 * alone, it sends usage data to its vendor and keeps a database under the user's cache folder. It asks the
 * environment of the process whether it may, so the answer is there before it is loaded: not by an `import`, which
 * would come first.
 */
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import type * as OnnxRuntime from 'onnxruntime-node';
import { InkdigitError } from '../../errors.js';

const OFF = 'ORT_DISABLE_TELEMETRY';

if (isMainThread) process.env[OFF] = '1';
else if (environmentOfProcess()[OFF] !== '1') {
  throw new InkdigitError(
    'invalid_option',
    'ONNX Runtime would send usage data, and a worker thread cannot switch that off. Import inkdigit in the main ' +
      'thread before the ' +
      `first thread that uses it starts, or start the process with ${OFF}=1.`,
  );
}

const load = createRequire(import.meta.url);
const onnxRuntime: typeof OnnxRuntime = load('onnxruntime-node');

export const { InferenceSession, Tensor, env } = onnxRuntime;
export type InferenceSession = OnnxRuntime.InferenceSession;
export type Tensor = OnnxRuntime.Tensor;

/** What machine code sees. In a worker thread `process.env` is a copy, and only a report tells. */
function environmentOfProcess(): Readonly<Record<string, string | undefined>> {
  const report: NodeJS.Process['report'] & { excludeNetwork?: boolean | undefined } = process.report;
  // It would look up the names of those at the other ends of open connections.
  const { excludeNetwork } = report;
  report.excludeNetwork = true;
  const { environmentVariables = {} }: { environmentVariables?: Record<string, string> } = report.getReport();
  report.excludeNetwork = excludeNetwork;
  return environmentVariables;
}
