import type { ProcessUse } from './worker-metrics.js';

/** Of this process. */
export const PROCESS_USE: ProcessUse = {
  cpuUsage: () => process.cpuUsage(),
  residentBytes: () => process.memoryUsage.rss(),
};
