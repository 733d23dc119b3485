import { fileURLToPath } from 'node:url';
import { InkdigitError } from '../../errors.js';
import { canRunIdle, forkInBackground, type BackgroundPriority } from '../../idle-process.js';
import type { CheckOutcome, CheckTask } from './check-program.js';
import type { CheckReport } from './check-version.js';

const PROGRAM = fileURLToPath(new URL('check-program.js', import.meta.url));

/** Reading, opening and timing take less than a second; a machine may be busy. */
const TIMEOUT_MS = 120_000;
/** A machine that leaves less than this in idle time may go on so for long. What was tried until then cost no one. */
const PATIENCE_MS = 3000;

export interface CheckSettings {
  readonly program?: string;
  /**
   * `idle`, unless said otherwise: requests are answered as if nothing were tried. Where the machine is too busy for
   * that, or its system has no such processes, `low`.
   */
  readonly priority?: BackgroundPriority;
  /** How long an idle process may take before one of low priority takes its place. */
  readonly patienceMs?: number;
  readonly timeoutMs?: number;
}

/**
 * Tries a version in a process of its own.
 * @throws InkdigitError that says why it may not serve: what the process said, or how it ended
 */
export async function checkInChild(task: CheckTask, settings: CheckSettings = {}): Promise<CheckReport> {
  const { program = PROGRAM, priority = 'idle', patienceMs = PATIENCE_MS, timeoutMs = TIMEOUT_MS } = settings;
  const isIdle = priority === 'idle' && (await canRunIdle());
  const early = isIdle && (await attempt(program, task, 'idle', patienceMs));
  const outcome = early || (await attempt(program, task, 'low', timeoutMs));
  if (!outcome) throw refusal(task, `had no answer after ${timeoutMs} ms`);
  if (outcome.kind === 'refused') throw new InkdigitError(outcome.code, outcome.message);
  return outcome.report;
}

/**
 * @returns `undefined` where there was no answer in time
 * @throws InkdigitError that says how the process ended without one
 */
function attempt(
  program: string,
  task: CheckTask,
  priority: BackgroundPriority,
  timeoutMs: number,
): Promise<Exclude<CheckOutcome, { kind: 'loaded' }> | undefined> {
  return new Promise((resolve, reject) => {
    const child = forkInBackground(program, priority);
    const timer = setTimeout(() => {
      resolve(undefined);
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('message', (outcome: CheckOutcome) => {
      if (outcome.kind === 'loaded') child.send(task, () => {});
      else resolve(outcome);
    });
    child.once('error', (error) => reject(refusal(task, `could not be started: ${error.message}`)));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      // Nothing where it has answered.
      reject(refusal(task, `ended before its answer (${signal ? `signal ${signal}` : `exit code ${code}`})`));
    });
  });
}

function refusal({ candidate: { version } }: CheckTask, how: string): InkdigitError {
  return new InkdigitError(
    'invalid_model',
    `Version ${version} may not serve: the process that tried it ${how}.`,
  );
}

/** For a log line. */
export function figuresOf(report: CheckReport): Record<string, number | null> {
  const { images, correct, microsecondsAFrame, slowdown } = report;
  const rounded = (value: number): number => Math.round(100 * value) / 100;
  return {
    goldenImages: images,
    goldenCorrect: correct,
    microsecondsAFrame: rounded(microsecondsAFrame),
    slowdown: slowdown === null ? null : rounded(slowdown),
  };
}
