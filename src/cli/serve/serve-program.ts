import { programOf, runCommandLine } from '../command-line.js';
import { serveCommand } from './serve-command.js';

// What runs `inkdigit serve`, and nothing of the other commands: one file of the build, so that a service starts soon.

void runCommandLine(process.argv, async () => programOf([serveCommand()]));
