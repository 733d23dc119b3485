import { LivePolicy } from './live-policy.js';
import { problemOf, type Problem } from './problems.js';

export interface LiveReaderDeps<Answer> {
  /** Asks about the picture as it is now. */
  readonly ask: (signal: AbortSignal) => Promise<Answer>;
  readonly onAnswer: (answer: Answer) => void;
  /** @param retryMs after how long it is tried again by itself; `null` if it is not. */
  readonly onProblem: (problem: Problem, retryMs: number | null) => void;
  /** Whether an answer to the picture as it is now is still to come. */
  readonly onBusy: (isBusy: boolean) => void;
  readonly policy?: LivePolicy;
  readonly nowMs?: () => number;
}

/** Keeps the answer up with a picture that changes: carries out what `LivePolicy` decides. */
export class LiveReader<Answer> {
  readonly #deps: LiveReaderDeps<Answer>;
  readonly #policy: LivePolicy;
  readonly #nowMs: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #controller: AbortController | null = null;

  constructor(deps: LiveReaderDeps<Answer>) {
    this.#deps = deps;
    this.#policy = deps.policy ?? new LivePolicy();
    this.#nowMs = deps.nowMs ?? ((): number => performance.now());
  }

  /** The picture has changed. @param isOther whether it is another picture altogether. */
  change(isOther = false): void {
    this.#policy.change(isOther);
    this.#proceed();
  }

  /** The picture has changed, and the pen rests. @param isOther as `change` */
  rest(isOther = false): void {
    this.#policy.rest();
    this.change(isOther);
  }

  /** There is no picture. */
  clear(): void {
    this.#policy.clear();
    this.#proceed();
  }

  /** Tries again at once, where it waits after a failure. */
  hurry(): void {
    this.#policy.hurry();
    this.#proceed();
  }

  #proceed(): void {
    clearTimeout(this.#timer);
    this.#deps.onBusy(this.#policy.isBusy);
    const step = this.#policy.next(this.#nowMs());
    if (step.kind === 'wait') this.#timer = setTimeout(() => this.#proceed(), step.ms);
    if (step.kind === 'send') void this.#send();
    if (step.kind === 'cancel') {
      this.#policy.cancelled();
      this.#controller?.abort();
    }
  }

  async #send(): Promise<void> {
    const { ask, onAnswer, onProblem } = this.#deps;
    const controller = new AbortController();
    this.#controller = controller;
    this.#policy.sent(this.#nowMs());
    try {
      const answer = await ask(controller.signal);
      if (this.#policy.settled()) onAnswer(answer);
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.isTemporary) {
        const retryMs = this.#policy.failed(this.#nowMs(), problem.retryAfterMs);
        if (retryMs !== null) onProblem(problem, retryMs);
      } else if (this.#policy.settled()) onProblem(problem, null);
    }
    this.#proceed();
  }
}
