import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeService } from '../client/fake-service.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'packages', 'client');

const PROGRAM = `
import { MnistClient, MnistClientError } from '@inkdigit/client';
const client = new MnistClient({ server: process.argv[2] });
const [seven] = await client.classify([Uint8Array.of(7)]);
const [bad] = await client.classify([Uint8Array.of(77)], { partial: true });
console.log(seven.class, bad.error.code, MnistClientError.name);
`;

const TYPED = `
import { MnistClient } from '@inkdigit/client';
import type { Classification, ClassifyQuery, DetailedClassification, FailedImage } from '@inkdigit/client';
const client = new MnistClient({ apiKey: 'a' });
const [short]: Classification[] = await client.classify([new Uint8Array(1)]);
const [full]: DetailedClassification[] = await client.classify(['data:,'], { detail: 'full' });
const [some]: (Classification | FailedImage)[] = await client.classify([new Blob([])], { partial: true });
export const digit: number | undefined = short?.class;
export const box: number[] | undefined = full?.box;
export const code: string | undefined = some && 'error' in some ? some.error.code : undefined;
export const mode: ClassifyQuery['normalize'] = 'auto';
// @ts-expect-error: there is no such mode
export const noMode: ClassifyQuery['normalize'] = 'sometimes';
// @ts-expect-error: an answer has no such member
export const none = short?.digits;
`;

describe('@inkdigit/client', () => {
  let folder: string;
  let project: string;
  let packed: { readonly size: number; readonly unpackedSize: number; readonly files: { path: string }[] };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-client-'));
    const copy = join(folder, 'package');
    mkdirSync(copy);
    for (const file of ['package.json', 'README.md', 'LICENSE'])
      copyFileSync(join(source, file), join(copy, file));
    execFileSync(process.execPath, [join(root, 'scripts', 'build', 'build-client.mjs'), join(copy, 'dist')]);
    const shell = process.platform === 'win32';
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const [told] = JSON.parse(execFileSync('npm', pack, { cwd: copy, encoding: 'utf8', shell }));
    packed = told;
    project = join(folder, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{"type":"module"}');
    const install = ['install', '--offline', '--no-audit', join(folder, told.filename)];
    execFileSync('npm', install, { cwd: project, shell, stdio: 'pipe' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the version of inkdigit, no dependencies, and is small', () => {
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(manifest.version).toBe(version);
    expect(manifest).not.toHaveProperty('dependencies');
    expect(packed.size).toBeLessThan(16_000);
    expect(packed.unpackedSize).toBeLessThan(60_000);
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js', 'dist/client/exports.d.ts']),
    );
  });

  it('asks a server from an empty project', async () => {
    const { url } = await startFakeService();
    writeFileSync(join(project, 'program.js'), PROGRAM);
    const { stdout } = await promisify(execFile)(process.execPath, ['program.js', url], { cwd: project });
    expect(stdout).toBe('7 not_an_image MnistClientError\n');
  });

  it('has types that need no other package', () => {
    writeFileSync(join(project, 'typed.ts'), TYPED);
    const compilerOptions = {
      target: 'es2022',
      module: 'node16',
      types: [],
      noEmit: true,
      skipLibCheck: false,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const check = (): string => execFileSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
    expect(check()).toBe('');
  });
});
