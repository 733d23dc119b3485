// Makes a clone ready to run: dependencies installed as package-lock.json says, dist/ built from src/ and page/.
// Plain Node without dependencies, because it runs before there are any. When there is nothing to do it takes a
// few milliseconds. Everything it says goes to stderr: stdout belongs to the command that follows.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOCUMENT_FILES } from './build/build-openapi.mjs';
import { isUnchanged, keepSeen, seeAll } from './unchanged.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const inRoot = (...names) => join(root, ...names);

/** The hash of the sources that dist/ was built from is kept inside it. */
const BUILD_HASH_FILE = '.build-hash';

/** Folders all of whose files decide what the build writes. */
const SOURCE_FOLDERS = ['src', 'page', join('examples', 'digits'), join('examples', 'numbers')];

/** What npm is told to install, and what it says that it has installed. */
const LOCK_FILE = inRoot('package-lock.json');
const INSTALLED_FILE = inRoot('node_modules', '.package-lock.json');

const BUILD_OPENAPI = inRoot('scripts', 'build', 'build-openapi.mjs');
const BUILD_PAGE = inRoot('scripts', 'build', 'build-page.mjs');
const BUILD_BUNDLES = inRoot('scripts', 'build', 'build-bundles.mjs');
const COMPILE = inRoot('scripts', 'build', 'compile-programs.mjs');
const BUILD_BROWSER = inRoot('scripts', 'build', 'build-browser.mjs');

/** Installs and builds what is missing or stale; ends the process with an error when that fails. */
export function ensureReady() {
  if (isUnchanged() || isReady()) return;
  try {
    withLock(() => {
      if (!isInstalled()) install();
      if (!isBuilt()) build();
    });
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
}

/** Whether everything is there, by its content; the next command then need not look at that. */
function isReady() {
  if (!isInstalled()) return false;
  const seen = seeSources();
  if (!isBuilt()) return false;
  keepSeen(seen);
  return true;
}

/** Whether node_modules holds the versions of package-lock.json; npm keeps its own account of that. */
function isInstalled() {
  if (!existsSync(INSTALLED_FILE)) return false;
  const installed = readJson(INSTALLED_FILE).packages;
  return Object.entries(readJson(LOCK_FILE).packages).every(
    ([path, wanted]) =>
      path === '' ||
      wanted.optional ||
      wanted.devOptional ||
      (installed[path]?.version === wanted.version && installed[path]?.integrity === wanted.integrity),
  );
}

/** Installs what package-lock.json says. No package needs its install script, and this one's would come back here. */
function install() {
  runNpm('Installing dependencies (npm ci)', ['ci', '--include=dev', '--ignore-scripts', '--no-progress']);
}

/** Runs npm in a folder, this clone's by default. @throws Error when it fails */
export function runNpm(title, args, cwd = root) {
  const npm = process.env.npm_execpath;
  // Without npm's own script (or with another package manager's) a shell finds npm, which on Windows is npm.cmd.
  if (npm?.endsWith('npm-cli.js')) run(title, process.execPath, [npm, ...args], { cwd });
  else run(title, `npm ${args.join(' ')}`, [], { cwd, shell: true });
}

function isBuilt() {
  const file = inRoot('dist', BUILD_HASH_FILE);
  return existsSync(file) && readFileSync(file, 'utf8') === sourceHash();
}

/**
 * Builds beside dist/ and puts the result in its place: no reader sees half of it, and nothing of old sources stays.
 */
function build() {
  // As deep in the tree as dist/, or its source maps would point elsewhere.
  const next = inRoot('.dist-next');
  const previous = inRoot('.dist-previous');
  const seen = seeSources();
  const hash = sourceHash();
  const tsc = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  try {
    removeFolder(next);
    run('Building (tsc)', process.execPath, [tsc, '-p', inRoot('tsconfig.build.json'), '--outDir', next]);
    run('Writing the OpenAPI document', process.execPath, [BUILD_OPENAPI, next]);
    run('Building the page (esbuild)', process.execPath, [BUILD_PAGE, join(next, 'page')]);
    run('Bundling programs and TypeBox (esbuild)', process.execPath, [BUILD_BUNDLES, next]);
    run('Bundling what browsers load (esbuild)', process.execPath, [BUILD_BROWSER, next]);
    writeFileSync(join(next, BUILD_HASH_FILE), hash);
    removeFolder(previous);
    if (existsSync(inRoot('dist'))) renameSync(inRoot('dist'), previous);
    renameSync(next, inRoot('dist'));
    keepSeen(seen);
  } finally {
    removeFolder(next);
    removeFolder(previous);
  }
}

/** A hash over everything that decides what the build writes. */
function sourceHash() {
  const hash = createHash('sha256');
  const sources = sourceEntries()
    .filter((entry) => entry.isFile())
    .map(pathOf);
  for (const file of [...sources.toSorted(), ...otherSources()]) {
    const content = readFileSync(file);
    hash.update(`${file.slice(root.length)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** What tells that nothing has to be installed or built. */
function seeSources() {
  const entries = sourceEntries().filter((entry) => entry.isFile() || entry.isDirectory());
  const folders = SOURCE_FOLDERS.map((folder) => inRoot(folder));
  return seeAll([...folders, ...entries.map(pathOf), ...otherSources(), LOCK_FILE, INSTALLED_FILE]);
}

function sourceEntries() {
  return SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(inRoot(folder), { recursive: true, withFileTypes: true }),
  );
}

function pathOf(entry) {
  return join(entry.parentPath, entry.name);
}

/** Sources that lie elsewhere. */
function otherSources() {
  const settings = ['tsconfig.json', 'tsconfig.build.json'].map((name) => inRoot(name));
  return [...settings, BUILD_OPENAPI, BUILD_PAGE, BUILD_BUNDLES, COMPILE, BUILD_BROWSER, ...DOCUMENT_FILES];
}

function run(title, command, args, options = {}) {
  const startedMs = Date.now();
  say(`${title} …`);
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    ...options,
  });
  if (status !== 0) {
    const reason = error?.message ?? (signal ? `signal ${signal}` : `exit code ${status}`);
    throw new Error(`${title} failed: ${reason}.`);
  }
  say(`${title} done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`);
}

function say(line) {
  process.stderr.write(`inkdigit: ${line}\n`);
}

function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
}

// One process at a time sets a clone up. The lock is a file with the owner's process id, so that one which was
// left behind by a process that died can be told; it lies outside the clone, where nothing removes it midway.
const lockFile = join(
  tmpdir(),
  `inkdigit-setup-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`,
);

function withLock(work) {
  let isWaiting = false;
  while (!takeLock()) {
    if (!isWaiting) say('Another command is installing or building; waiting for it …');
    isWaiting = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
  try {
    work();
  } finally {
    releaseLock();
  }
}

function takeLock() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isAlive(readLockOwner())) rmSync(lockFile, { force: true });
  return false;
}

function releaseLock() {
  if (readLockOwner() === process.pid) rmSync(lockFile, { force: true });
}

function readLockOwner() {
  try {
    return Number(readFileSync(lockFile, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureReady();
