import { codeOf } from '../errors.js';

/** Whether a process of this number runs on this machine. Numbers are given anew: it may be another than was meant. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return codeOf(thrown) === 'EPERM';
  }
}
