import { CommanderError, type Command } from 'commander';
import { vi } from 'vitest';
import { buildProgram } from '../../../src/cli/main.js';
import { InkdigitError } from '../../../src/errors.js';
import { settleVariables } from '../../../src/cli/options/declare-option.js';

/**
 * Runs a command line that is refused, in this process: starting one takes most of the time of a refusal. That a
 * refusal ends a process with these very lines and exit code 1 is tested with processes of each command.
 * @param env variables to set meanwhile
 * @returns what it writes to stderr
 * @throws Error when the command is not refused
 */
export async function refusalOf(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  let said = '';
  const say = (text: unknown): boolean => {
    said += String(text);
    return true;
  };
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation(say);
  try {
    const program = await buildProgram(args[0]);
    throwInsteadOfExit(program);
    settleVariables(program, process.env);
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError) return said;
    if (!(thrown instanceof InkdigitError)) throw thrown;
    const items = thrown.items.map(({ message }) => `  ${message}\n`);
    return `${said}inkdigit: ${thrown.message}\n${items.join('')}`;
  } finally {
    stderr.mockRestore();
    vi.unstubAllEnvs();
  }
  throw new Error(`expected a refusal of ${args.join(' ')}`);
}

/** Of a command and all below it. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const one of command.commands) throwInsteadOfExit(one);
}
