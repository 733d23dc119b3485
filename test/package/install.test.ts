import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runsLong } from '../helpers/runner/long.js';
import { endServices, startService } from '../helpers/programs/service.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** As in the README; npm runs scripts here, whatever the user's settings say. */
const ENVIRONMENT = { ONNXRUNTIME_NODE_INSTALL: 'skip', npm_config_ignore_scripts: 'false' };

/** Runs a program to its end. @returns what it wrote to stdout. @throws with all it wrote, when it failed */
async function run(cwd: string, program: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd,
    env: { ...process.env, ...ENVIRONMENT },
    // On Windows npm is npm.cmd, which needs one.
    shell: process.platform === 'win32' && program.startsWith('np'),
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

const isPossible = await Promise.all([
  existsSync(join(root, '.git')) && run(root, 'git', '--version'),
  run(root, 'npm', 'view', 'typebox', 'version', '--fetch-retries=0', '--fetch-timeout=10000'),
]).then(
  ([git]) => Boolean(git),
  () => false,
);
const title = isPossible ? 'the package' : 'the package (needs a clone, git and the npm registry)';

/** What a user of the library and of the client writes; its argument is the address of a server. */
const PROGRAM = `
import { readFile } from 'node:fs/promises';
import { openDigitReader } from 'inkdigit';
import { MnistClient } from 'inkdigit/client';
const picture = await readFile('node_modules/inkdigit/examples/digits/7.png');
const reader = await openDigitReader();
const [here] = await reader.read([picture]);
await reader.close();
const [there] = await new MnistClient({ server: process.argv[2] }).classify([picture]);
console.log(here.class, there.class);
`;

describe.skipIf(!isPossible)(title, () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'inkdigit-install-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(endServices);

  /** The files of this clone as they are now, changed ones too, as a repository of their own. */
  async function cloneOf(name: string): Promise<string> {
    const clone = join(folder, name);
    const listed = await run(root, 'git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
    for (const file of listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))) {
      mkdirSync(dirname(join(clone, file)), { recursive: true });
      copyFileSync(join(root, file), join(clone, file));
    }
    await run(clone, 'git', 'init', '--quiet');
    await run(clone, 'git', 'add', '--all');
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    await run(clone, 'git', ...author, 'commit', '--quiet', '-m', 'All');
    return clone;
  }

  it('npm ci accepts the lock file', async () => {
    const empty = join(folder, 'lock');
    mkdirSync(empty);
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      copyFileSync(join(root, file), join(empty, file));
    }
    expect(await run(empty, 'npm', 'ci', '--dry-run', '--ignore-scripts')).toContain('add onnxruntime-node');
  });

  interface Packed {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
  }
  let packing: Promise<Packed> | undefined;
  const pack = (): Promise<Packed> =>
    (packing ??= run(root, 'npm', 'pack', '--json', '--pack-destination', folder).then(
      (json): Packed => JSON.parse(json)[0],
    ));

  it('is packed with all that it needs and nothing else', async () => {
    const { files } = await pack();
    const paths = files.map(({ path }) => path);
    const needed =
      'package.json README.md LICENSE CHANGELOG.md bin/inkdigit.mjs dist/cli/main.js dist/index.js dist/index.d.ts ' +
      'dist/client/exports.js dist/client/exports.d.ts dist/page/index.html dist/server/worker.js ' +
      'dist/server/worker.cjs dist/batch/reader-program.cjs dist/compiled-program.js ' +
      'models/mnist.int8.onnx models/mnist.int8.json models/finder.int8.onnx models/finder.int8.json ' +
      'models/reader.int8.onnx models/reader.int8.json models/detector.int8.onnx models/detector.int8.json ' +
      'models/verifier.int8.onnx models/verifier.int8.json ' +
      'proto/inference.proto examples/digits/7.png';
    expect(paths).toEqual(expect.arrayContaining(needed.split(' ')));
    const top = new Set(paths.map((path) => path.split('/')[0]));
    expect([...top].toSorted().join(' ')).toBe(
      'CHANGELOG.md LICENSE README.md bin dist examples models package.json proto',
    );
    expect(paths.filter((path) => /\.(map|code)$|(?<!\.d)\.ts$|\/\./.test(path))).toEqual([]);
  });

  /** Installs the package in a project of its own, and uses it. */
  async function expectToWork(name: string, source: string): Promise<void> {
    const project = join(folder, name);
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{"type":"module"}');
    writeFileSync(join(project, 'program.js'), PROGRAM);
    // Strict: no dependency asks for a newer Node than this package does.
    await run(project, 'npm', 'install', '--prefer-offline', '--engine-strict', source);
    const installed = join(project, 'node_modules', 'inkdigit');

    const picture = join(installed, 'examples', 'digits', '4.png');
    expect(await run(project, 'npx', '--no-install', 'inkdigit', 'classify', '--local', picture)).toMatch(
      / 4 +9/,
    );
    const args = ['--port', '0', '--workers', '1'];
    const service = startService(args, {}, undefined, join(installed, 'bin', 'inkdigit.mjs'));
    const { url } = await service.ready;
    expect(await run(project, process.execPath, 'program.js', url)).toBe('7 7\n');
  }

  it('is installed from a packed file and works as library, client and command', async () => {
    await expectToWork('of-packed', join(folder, (await pack()).filename));
  });

  // npm installs the tools of development and builds, as npm test does in a new clone.
  it.skipIf(!runsLong)('is installed in full from a git repository, and works as well', async () => {
    await expectToWork('of-git', `git+${pathToFileURL(await cloneOf('clone')).href}`);
  });
});
