import { inspect } from 'node:util';
import { Command } from 'commander';
import { InkdigitError } from '../errors.js';
import { packageVersion } from '../package-info.js';
import { settleVariables } from './options/declare-option.js';
import { processIo } from './terminal/command-io.js';

/** The command line that has these commands. */
export function programOf(commands: readonly Command[]): Command {
  const program = new Command('inkdigit')
    .description('Reads handwritten digits: as a service, from the command line, and with models you train.')
    .version(packageVersion())
    .showHelpAfterError('(inkdigit --help lists what there is)');
  for (const command of commands) program.addCommand(command);
  // Commands do not inherit this. commander's messages repeat unknown arguments, which may hold control characters.
  for (const command of withSubcommands(program)) {
    command.configureOutput({
      writeOut: (text) => processIo.stdout.write(text),
      writeErr: (text) => processIo.stderr.write(text),
    });
  }
  return program;
}

/** A command, those below it, and those below them. */
function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/**
 * Runs one command line. An `InkdigitError` becomes a line on stderr and exit code 1.
 * @param build given the first argument, which mostly is the name of a command
 */
export async function runCommandLine(
  argv: readonly string[],
  build: (name: string | undefined) => Promise<Command>,
): Promise<void> {
  // The reader of a pipe may close it early (`| head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    const program = await build(argv[2]);
    settleVariables(program, process.env);
    await program.parseAsync(argv);
  } catch (thrown) {
    if (!(thrown instanceof InkdigitError)) {
      // As Node does, but through the stream that escapes control characters: a message may hold a file's name.
      processIo.stderr.write(`${inspect(thrown)}\n`);
      process.exit(1);
    }
    processIo.stderr.write(`inkdigit: ${thrown.message}\n`);
    for (const item of thrown.items) processIo.stderr.write(`  ${item.message}\n`);
    process.exitCode = 1;
  }
}
