import { Command } from 'commander';

/** `inkdigit train` */
export function trainCommand(): Command {
  return new Command('train');
}
