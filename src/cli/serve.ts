import { Command } from 'commander';

/** `inkdigit serve` */
export function serveCommand(): Command {
  return new Command('serve');
}
