import { execFile, fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { promisify } from 'node:util';

/**
 * How a process takes its turn: `idle`, while no other process wants the processor; `low`, as the last of all, so that
 * it gets a little on a machine that is never idle.
 */
export type BackgroundPriority = 'idle' | 'low';

/** `SCHED_IDLE` (sched(7)) for the program that follows, from its first instruction on. Node.js cannot ask for it. */
const IDLE = ['chrt', '-i', '0'] as const;

let idleWorks: Promise<boolean> | undefined;

/** Whether this system has processes that run while it is idle: Linux does, unless a sandbox forbids it. */
export function canRunIdle(): Promise<boolean> {
  const [chrt, ...args] = IDLE;
  idleWorks ??= promisify(execFile)(chrt, [...args, 'true']).then(
    () => true,
    () => false,
  );
  return idleWorks;
}

/**
 * Starts a Node.js program that can be told and can tell, of which only stderr is seen.
 *
 * A process of low priority still keeps the processor for some milliseconds from one that wakes up beside it, which is
 * longer than most requests take; one that is idle gives it back at once.
 * @param priority `idle` where `canRunIdle`
 */
export function forkInBackground(program: string, priority: BackgroundPriority): ChildProcess {
  const [chrt, ...args] = IDLE;
  const child = fork(program, [], {
    ...(priority === 'idle' && {
      execPath: chrt,
      execArgv: [...args, process.execPath, ...process.execArgv],
    }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  if (child.pid === undefined) return child;
  try {
    setPriority(child.pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or the system does not allow it: it takes its turn as any other.
  }
  return child;
}
