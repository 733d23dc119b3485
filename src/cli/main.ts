import { inspect } from 'node:util';
import { Command } from 'commander';
import { InkdigitError } from '../errors.js';
import { processIo } from './terminal/command-io.js';
import { settleVariables } from './options/declare-option.js';
import { packageManifest } from './package-manifest.js';

/** In the order of `--help`. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve/serve-command.js')).serveCommand(),
  classify: async () => (await import('./classify/classify-command.js')).classifyCommand(),
  read: async () => (await import('./read/read-command.js')).readCommand(),
  models: async () => (await import('./models/models-command.js')).modelsCommand(),
  train: async () => (await import('./train/train-command.js')).trainCommand(),
  guard: async () => (await import('./train/guard-command.js')).guardCommand(),
  average: async () => (await import('./train/average-command.js')).averageCommand(),
  evaluate: async () => (await import('./evaluate/evaluate-command.js')).evaluateCommand(),
  quantize: async () => (await import('./quantize/quantize-command.js')).quantizeCommand(),
  scenes: async () => (await import('./train/scenes-command.js')).scenesCommand(),
  download: async () => (await import('./download/download-command.js')).downloadCommand(),
};

/**
 * The command line.
 * @param name Only this command is loaded, where there is one of that name: the others would make it start later.
 */
export async function buildProgram(name = ''): Promise<Command> {
  const program = new Command('inkdigit')
    .description('Reads handwritten digits: as a service, from the command line, and with models you train.')
    .version(packageManifest().version)
    .showHelpAfterError('(inkdigit --help lists what there is)');
  const loaders = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  for (const load of loaders) if (load) program.addCommand(await load());
  // A command does not take this over from the program. commander repeats arguments that it does not know.
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

/** Runs one command line. An expected error becomes one line on stderr and exit code 1. */
export async function main(argv: readonly string[]): Promise<void> {
  // Whoever reads the output may have seen enough (`| head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    const program = await buildProgram(argv[2]);
    settleVariables(program, process.env);
    await program.parseAsync(argv);
  } catch (thrown) {
    if (!(thrown instanceof InkdigitError)) {
      // As Node would, but for what could steer a terminal: a message may repeat a file's name.
      processIo.stderr.write(`${inspect(thrown)}\n`);
      process.exit(1);
    }
    processIo.stderr.write(`inkdigit: ${thrown.message}\n`);
    for (const item of thrown.items) processIo.stderr.write(`  ${item.message}\n`);
    process.exitCode = 1;
  }
}
