import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

// Programs that the build has bundled as CommonJS. Most of the time until one runs is V8's, which compiles it; what
// came of that can be kept in a file and given back to it (`cachedData` of node:vm).

/**
 * What was compiled is V8's own affair: it refuses, and compiles anew, what another version or other flags have left.
 * That it would refuse what another kind of processor has left is nowhere said.
 */
const KIND = `${process.version}-${process.arch}`;

type Program = (require: NodeJS.Require, module: { exports: unknown }, moduleUrl: string) => void;

/** Runs one in this process, compiled already where `compileProgram` was called with the same Node.js and flags. */
export function runProgram(program: URL): void {
  evaluate(scriptOf(program), program);
}

/** The same, and keeps what V8 has compiled of it when this process ends: whatever was called. */
export function compileProgram(program: URL): void {
  const script = new Script(wrapped(program), { filename: program.href });
  process.once('exit', () => {
    // V8 takes what was compiled under the flags that it has; this one is set by programs while they run.
    setFlagsFromString('--heap-growing-percent=0');
    writeFileSync(compiledFile(program), script.createCachedData());
  });
  evaluate(script, program);
}

/** One that is not evaluated yet; `cachedDataRejected` says whether V8 refused what was kept. */
export function scriptOf(program: URL): Script {
  return new Script(wrapped(program), { filename: program.href, cachedData: compiledBefore(program) });
}

function evaluate(script: Script, program: URL): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `wrapped` wraps
  const run = script.runInThisContext() as Program;
  run(createRequire(program), { exports: {} }, program.href);
}

/** On its first line, so that all others keep their numbers. */
function wrapped(program: URL): string {
  return `(function (require, module, moduleUrl) {${readFileSync(program, 'utf8')}\n})`;
}

function compiledBefore(program: URL): Buffer | undefined {
  try {
    return readFileSync(compiledFile(program));
  } catch {
    // No build of this clone, or one by another Node.js.
    return undefined;
  }
}

function compiledFile(program: URL): string {
  return fileURLToPath(program).replace(/cjs$/, `${KIND}.code`);
}
