import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { InkdigitError } from '../../errors.js';
import type { CheckOutcome, CheckTask } from './check-program.js';
import type { CheckReport } from './check-version.js';

const PROGRAM = fileURLToPath(new URL('check-program.js', import.meta.url));

/** Reading, opening and timing take less than a second; a machine may be busy. */
const TIMEOUT_MS = 120_000;

/**
 * Tries a version in a process of its own.
 * @throws InkdigitError that says why it may not serve: what the process said, or how it ended
 */
export function checkInChild(
  task: CheckTask,
  { program = PROGRAM, timeoutMs = TIMEOUT_MS }: { program?: string; timeoutMs?: number } = {},
): Promise<CheckReport> {
  const { version } = task.candidate;
  return new Promise((resolve, reject) => {
    const child = fork(program, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    letOthersGoFirst(child);
    const refuse = (how: string): void =>
      reject(
        new InkdigitError('invalid_model', `Version ${version} may not serve: the process that tried it ${how}.`),
      );
    const timer = setTimeout(() => {
      refuse(`had no answer after ${timeoutMs} ms`);
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('message', (outcome: CheckOutcome) => {
      if (outcome.kind === 'loaded') child.send(task, () => {});
      else if (outcome.kind === 'passed') resolve(outcome.report);
      else reject(new InkdigitError(outcome.code, outcome.message));
    });
    child.once('error', (error) => refuse(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      // Nothing where it has answered.
      refuse(`ended before its answer (${signal ? `signal ${signal}` : `exit code ${code}`})`);
    });
  });
}

/** Requests are answered first: a process loads Node.js and a model from its first moment on with what they leave. */
function letOthersGoFirst({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or the system does not allow it: it takes its turn as any other.
  }
}
