#!/usr/bin/env node
// Starts the command line; in a clone it first installs and builds whatever is missing.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`inkdigit needs Node.js 20.19 or newer; this is ${process.version}.\n`);
  process.exit(1);
}

// An installed package brings dist/ and has no sources to build it from.
if (existsSync(new URL('../src', import.meta.url))) {
  const { isUnchanged } = await import('../scripts/unchanged.mjs');
  if (!isUnchanged()) {
    const { ensureReady } = await import('../scripts/setup.mjs');
    ensureReady();
  }
}

const [, , command] = process.argv;
// The build has made one file of each of these.
if (command === 'serve') await import('../dist/cli/serve/serve-program.js');
else if (command === 'batch') await import('../dist/cli/batch/batch-program.js');
else {
  const { main } = await import('../dist/cli/main.js');
  await main(process.argv);
}
