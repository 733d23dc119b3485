import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of this project that answers each message with one. */
export interface AnsweringProcess<Question, Reply> {
  readonly pid: number;
  /** One question at a time. @throws Error when the process ends instead of answering */
  ask(question: Question): Promise<Reply>;
  close(): Promise<void>;
}

/** Starts a TypeScript file of `bench/` as a process. Bytes in messages stay bytes. */
export function forkTypeScript<Question extends object, Reply>(
  file: URL,
  args: readonly string[] = [],
): AnsweringProcess<Question, Reply> {
  const child = fork(fileURLToPath(file), args, {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const { pid = 0 } = child;
  return {
    pid,
    async ask(question) {
      const reply = once(child, 'message');
      child.send(question);
      const [message]: Reply[] = await Promise.race([
        reply,
        ended.then(() => {
          throw new Error(`${fileURLToPath(file)} ended without an answer.`);
        }),
      ]);
      if (message === undefined) throw new Error(`${fileURLToPath(file)} answered nothing.`);
      return message;
    },
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
