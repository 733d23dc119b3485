import { programOf, runCommandLine } from '../command-line.js';
import { batchCommand } from './batch-command.js';

// What runs `inkdigit batch`, and nothing of the other commands: one file of the build, so that a batch starts soon.

void runCommandLine(process.argv, async () => programOf([batchCommand()]));
