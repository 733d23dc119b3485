import { Command } from 'commander';

/** `inkdigit evaluate` */
export function evaluateCommand(): Command {
  return new Command('evaluate');
}
