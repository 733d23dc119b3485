import { inspect } from 'node:util';
import { Command } from 'commander';
import { InkdigitError } from '../errors.js';
import { processIo } from './terminal/command-io.js';
import { settleVariables } from './options/declare-option.js';
import { packageVersion } from '../package-info.js';

/** In the order of `--help`. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve/serve-command.js')).serveCommand(),
  health: async () => {
    const { serveCommand } = await import('./serve/serve-command.js');
    return (await import('./health/health-command.js')).healthCommand(serveCommand);
  },
  classify: async () => (await import('./classify/classify-command.js')).classifyCommand(),
  read: async () => (await import('./read/read-command.js')).readCommand(),
  batch: async () => (await import('./batch/batch-command.js')).batchCommand(),
  collected: async () => (await import('./collected/collected-command.js')).collectedCommand(),
  page: async () => (await import('./page/page-command.js')).pageCommand(),
  models: async () => (await import('./models/models-command.js')).modelsCommand(),
  train: async () => (await import('./train/train-command.js')).trainCommand(),
  'add-ood-head': async () => (await import('./train/add-ood-head-command.js')).addOodHeadCommand(),
  average: async () => (await import('./train/average-command.js')).averageCommand(),
  evaluate: async () => (await import('./evaluate/evaluate-command.js')).evaluateCommand(),
  quantize: async () => (await import('./quantize/quantize-command.js')).quantizeCommand(),
  scenes: async () => (await import('./train/scenes-command.js')).scenesCommand(),
  download: async () => (await import('./download/download-command.js')).downloadCommand(),
};

/** Names that commands had before -> the command. Scripts that use them go on working. */
const ALIASES: Readonly<Record<string, string>> = { guard: 'add-ood-head' };

/**
 * The command line.
 * @param name of a command, to load that one alone: the others would delay its start. All are loaded where none has it.
 */
export async function buildProgram(name = ''): Promise<Command> {
  const program = new Command('inkdigit')
    .description('Reads handwritten digits: as a service, from the command line, and with models you train.')
    .version(packageVersion())
    .showHelpAfterError('(inkdigit --help lists what there is)');
  const wanted = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
  const entries = Object.entries(COMMANDS);
  const found = entries.filter(([command]) => command === wanted);
  for (const [command, load] of found.length > 0 ? found : entries) {
    const aliases = Object.keys(ALIASES).filter((alias) => ALIASES[alias] === command);
    program.addCommand((await load()).aliases(aliases));
  }
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

/** Runs one command line. An `InkdigitError` becomes a line on stderr and exit code 1. */
export async function main(argv: readonly string[]): Promise<void> {
  // The reader of a pipe may close it early (`| head`).
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
      // As Node does, but through the stream that escapes control characters: a message may hold a file's name.
      processIo.stderr.write(`${inspect(thrown)}\n`);
      process.exit(1);
    }
    processIo.stderr.write(`inkdigit: ${thrown.message}\n`);
    for (const item of thrown.items) processIo.stderr.write(`  ${item.message}\n`);
    process.exitCode = 1;
  }
}
