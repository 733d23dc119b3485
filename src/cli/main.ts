import type { Command } from 'commander';
import { programOf, runCommandLine } from './command-line.js';

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
  const wanted = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
  const entries = Object.entries(COMMANDS);
  const found = entries.filter(([command]) => command === wanted);
  const commands: Command[] = [];
  for (const [command, load] of found.length > 0 ? found : entries) {
    const aliases = Object.keys(ALIASES).filter((alias) => ALIASES[alias] === command);
    commands.push((await load()).aliases(aliases));
  }
  return programOf(commands);
}

/** Runs one command line. */
export function main(argv: readonly string[]): Promise<void> {
  return runCommandLine(argv, buildProgram);
}
