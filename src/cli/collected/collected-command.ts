import { resolve } from 'node:path';
import { Command } from 'commander';
import { option } from '../options/declare-option.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';

/** `inkdigit collected` */
export function collectedCommand(io: CommandIo = processIo): Command {
  const collected = new Command('collected').description(
    'Shows and exports the corrections that inkdigit serve --collect keeps.',
  );
  const add = (name: string, description: string): Command => {
    const command = new Command(name)
      .description(description)
      .argument('<folder>', 'the folder of --collect');
    collected.addCommand(command);
    return command;
  };

  add('list', 'Counts the corrections of each label.')
    .addOption(option('--json', 'print one JSON document'))
    .action(async (folder: string, options: { readonly json?: boolean }) => {
      const { listCollection } = await import('./collected-report.js');
      await listCollection(resolve(folder), options, io);
    });

  add('show', 'Lists every correction: label, file, bytes, when it was made.')
    .addOption(option('--json', 'print one JSON document'))
    .action(async (folder: string, options: { readonly json?: boolean }) => {
      const { showCollection } = await import('./collected-report.js');
      await showCollection(resolve(folder), options, io);
    });

  add('export', 'Copies the corrections into a new folder, 7/….png and none/….png.')
    .argument('<out>', 'the new folder')
    .addOption(option('--digits-only', 'without those that show no digit'))
    .action(async (folder: string, out: string, options: { readonly digitsOnly?: boolean }) => {
      const { exportCollection } = await import('./collected-report.js');
      await exportCollection(resolve(folder), resolve(out), options, io);
    });
  return collected;
}
