import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { env } from '../../src/model/runtime/onnx-runtime.js';

/** Processor, cores, and the versions that speed depends on. */
export function describeMachine(): string {
  const cores = cpus();
  return (
    `${cores[0]?.model.trim() ?? 'unknown processor'}, ${cores.length} cores, ` +
    `Node.js ${process.versions.node}, ONNX Runtime ${env.versions.node ?? 'unknown'}`
  );
}

/** @returns the share of the processors' time, 0..1, that is not idle while this process waits for `ms` milliseconds */
export async function busyShare(ms: number): Promise<number> {
  const before = processorTimes();
  await wait(ms);
  const after = processorTimes();
  return 1 - (after.idle - before.idle) / (after.total - before.total);
}

function processorTimes(): { readonly idle: number; readonly total: number } {
  const times = cpus().map((core) => core.times);
  const total = times.flatMap((time) => Object.values(time)).reduce((a, b) => a + b, 0);
  return { idle: times.reduce((sum, time) => sum + time.idle, 0), total };
}
