import { Command } from 'commander';
import { InkdigitError } from '../errors.js';
import { classifyCommand } from './classify.js';
import { downloadCommand } from './download.js';
import { evaluateCommand } from './evaluate.js';
import { dropFlagsThatSayNo } from './options.js';
import { packageManifest } from './package-manifest.js';
import { quantizeCommand } from './quantize.js';
import { serveCommand } from './serve.js';
import { trainCommand } from './train.js';

/** The whole command line. Each command loads what it needs when it runs, so that `--help` is immediate. */
export function buildProgram(): Command {
  return new Command('inkdigit')
    .description('Reads handwritten digits: as a service, from the command line, and with models you train.')
    .version(packageManifest().version)
    .showHelpAfterError('(inkdigit --help lists what there is)')
    .addCommand(serveCommand())
    .addCommand(classifyCommand())
    .addCommand(trainCommand())
    .addCommand(evaluateCommand())
    .addCommand(quantizeCommand())
    .addCommand(downloadCommand());
}

/** Runs one command line. An expected error becomes one line on stderr and exit code 1. */
export async function main(argv: readonly string[]): Promise<void> {
  // Whoever reads the output may have seen enough (`| head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    const program = buildProgram();
    dropFlagsThatSayNo(program, process.env);
    await program.parseAsync(argv);
  } catch (thrown) {
    if (!(thrown instanceof InkdigitError)) throw thrown;
    process.stderr.write(`inkdigit: ${thrown.message}\n`);
    for (const item of thrown.items) process.stderr.write(`  ${item.message}\n`);
    process.exitCode = 1;
  }
}
