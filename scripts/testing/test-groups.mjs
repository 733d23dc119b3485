// Sorts the tests into groups by what they can reach, so that no list has to be kept: a test is a unit test where no
// import, followed through the tests' helpers and the sources, leads to processes, threads, sockets, ONNX Runtime or
// real data sets.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export const TEST_GROUPS = ['unit', 'integration', 'e2e', 'fuzz'];

/** Groups that are a folder below `test/`. */
const FOLDERS = new Set(['e2e', 'fuzz']);

/** What a unit test does without. ONNX Runtime is loaded by one module, which asks whether it is in a worker thread. */
const HEAVY =
  /^node:(child_process|cluster|http|net|worker_threads)$|[\\/]test[\\/]helpers[\\/]data[\\/]mnist\.ts$/;

/** Imports of values: `import … from 'x'`, `export … from 'x'`, `import('x')`; what is only a type is not loaded. */
const IMPORTS = /^(?:import|export)\s+(?!type\b)(?:[^;'"]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

/**
 * The test files of a group, relative to the repository, with `/` between folders.
 * @param root the repository
 * @param group one of `TEST_GROUPS`
 */
export function testFiles(root, group) {
  const known = new Map();
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name).split(sep).join('/'))
    .filter((file) => groupOf(root, file, known) === group)
    .toSorted();
}

function groupOf(root, file, known) {
  const [, folder] = file.split('/');
  if (FOLDERS.has(folder)) return folder;
  return reaches(join(root, file), known).some((name) => HEAVY.test(name)) ? 'integration' : 'unit';
}

/** Every module that a file imports, itself or through others. */
function reaches(file, known) {
  const seen = new Set();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (!next.startsWith('node:')) waiting.push(...importsOf(next, known));
  }
  return [...seen];
}

/** Of one file: files of this repository, and modules of Node. */
function importsOf(file, known) {
  const cached = known.get(file);
  if (cached) return cached;
  const names = [...readFileSync(file, 'utf8').matchAll(IMPORTS)].map(([, from, dynamic]) => from ?? dynamic);
  const found = names.flatMap((name) => {
    if (!name.startsWith('.')) return name.startsWith('node:') ? [name] : [];
    const path = join(dirname(file), name);
    const source = [path.replace(/\.js$/, '.ts'), path].find(
      (one) => existsSync(one) && statSync(one).isFile(),
    );
    if (source) return [source];
    throw new Error(`${relative(process.cwd(), file)} imports ${name}, which is not there.`);
  });
  known.set(file, found);
  return found;
}
