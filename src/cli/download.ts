import { Command } from 'commander';

/** `inkdigit download` */
export function downloadCommand(): Command {
  return new Command('download');
}
