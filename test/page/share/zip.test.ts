import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zip } from '../../../page/share/zip.js';

const hasPython = spawnSync('python3', ['-c', 'import zipfile']).status === 0;

describe('zip', () => {
  it.runIf(hasPython)('makes an archive that another program checks and unpacks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkdigit-zip-'));
    const files = [
      { path: 'corrections/7/a.png', bytes: Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256) },
      { path: 'corrections/none/ü.png', bytes: new Uint8Array() },
    ];
    writeFileSync(join(folder, 'a.zip'), zip(files));
    const program =
      'import sys, zipfile; z = zipfile.ZipFile("a.zip"); assert z.testzip() is None; z.extractall()';
    execFileSync('python3', ['-c', program], { cwd: folder });
    for (const { path, bytes } of files) expect([...readFileSync(join(folder, path))]).toEqual([...bytes]);
    rmSync(folder, { recursive: true });
  });

  it('makes the same bytes of the same files', () => {
    const files = [{ path: 'a', bytes: Uint8Array.of(1, 2, 3) }];
    expect(zip(files)).toEqual(zip(files));
  });
});
