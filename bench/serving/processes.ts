import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel counts processor time in, fractions of a second; the same on every Linux of today. */
const TICKS_PER_SECOND = 100;

/** Whether this system tells what other processes use. */
export const CAN_SEE_PROCESSES = process.platform === 'linux';

/** A process and the processes that it started, and those that they started. */
export function processTree(root: number): number[] {
  if (!CAN_SEE_PROCESSES) return [root];
  const parentOf = new Map<number, number>();
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    parentOf.set(pid, Number(statOf(pid)?.[1]));
  }
  const tree = [root];
  // Grows while it is walked.
  for (const parent of tree) {
    for (const [pid, its] of parentOf) if (its === parent) tree.push(pid);
  }
  return tree;
}

/**
 * Processor time, of user and kernel, that processes have used so far, in microseconds; `NaN` where it cannot be
 * told.
 */
export function processorMicroseconds(pids: readonly number[]): number {
  if (!CAN_SEE_PROCESSES) return NaN;
  let ticks = 0;
  for (const pid of pids) {
    const stat = statOf(pid);
    if (!stat) throw new Error(`Process ${pid} ended while it was measured.`);
    ticks += Number(stat[11]) + Number(stat[12]);
  }
  return (ticks * 1e6) / TICKS_PER_SECOND;
}

/**
 * The same, with what those have used that they started and that have ended since; a process that has just ended
 * itself counts for nothing, as it counts for who started it.
 */
export function processorMicrosecondsWithEnded(pids: readonly number[]): number {
  if (!CAN_SEE_PROCESSES) return NaN;
  const ticks = pids.flatMap((pid) => statOf(pid)?.slice(11, 15).map(Number) ?? []);
  return (ticks.reduce((sum, one) => sum + one, 0) * 1e6) / TICKS_PER_SECOND;
}

/** Memory that a process has in use, shared libraries included, in bytes; `NaN` where it cannot be told. */
export function residentBytes(pid: number): number {
  if (!CAN_SEE_PROCESSES) return NaN;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

/** Memory of a process in use, its share of what it has in common with others; `NaN` where it cannot be told. */
export function proportionalBytes(pid: number): number {
  if (!CAN_SEE_PROCESSES) return NaN;
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

/**
 * The fields of /proc/PID/stat from the third one, the state, on (proc(5)); `undefined` where the process has ended.
 */
function statOf(pid: number): string[] | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before may hold anything, brackets and spaces too.
    return line.slice(line.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
