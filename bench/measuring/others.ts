import { cpus } from 'node:os';
import { CAN_SEE_PROCESSES, processorMicrosecondsWithEnded, processTree } from '../serving/processes.js';

/** How much of the machine is taken by others than this process and those that it started. */
export class Others {
  #before = this.#now();

  /**
   * @returns the share of all processors' time since the last call, 0..1, with what the kernel does for no process;
   * `NaN` where it cannot be told
   */
  share(): number {
    const [before, now] = [this.#before, this.#now()];
    this.#before = now;
    if (!CAN_SEE_PROCESSES) return NaN;
    return Math.max(
      0,
      (now.busyMs - before.busyMs - (now.ownMs - before.ownMs)) / (now.allMs - before.allMs),
    );
  }

  #now(): { readonly allMs: number; readonly busyMs: number; readonly ownMs: number } {
    const times = cpus().map((core) => core.times);
    const allMs = times.flatMap((time) => Object.values(time)).reduce((sum, one) => sum + one, 0);
    const busyMs = allMs - times.reduce((sum, { idle }) => sum + idle, 0);
    return { allMs, busyMs, ownMs: processorMicrosecondsWithEnded(processTree(process.pid)) / 1000 };
  }
}
