import { Command } from 'commander';

/** `inkdigit classify` */
export function classifyCommand(): Command {
  return new Command('classify');
}
