import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeStaleTemporaries, requireWritable, writeFilesAtomically } from '../../src/files/write-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-write-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');

describe('writeFilesAtomically', () => {
  it('writes files, their folders as well', async () => {
    writeFileSync(at('a'), 'old');
    await writeFilesAtomically([
      { path: at('a'), content: 'new' },
      { path: at('sub/b'), content: Buffer.from('b') },
    ]);
    expect([text('a'), text('sub/b')]).toEqual(['new', 'b']);
    expect(readdirSync(folder).toSorted()).toEqual(['a', 'sub']);
  });

  it('replaces none when one cannot be written, and leaves nothing behind', async () => {
    writeFileSync(at('a'), 'old');
    writeFileSync(at('file'), '');
    const failure = writeFilesAtomically([
      { path: at('a'), content: 'new' },
      { path: at('file/b'), content: 'b' },
    ]);
    await expect(failure).rejects.toMatchObject({
      code: 'write_failed',
      message: expect.stringMatching(/^Cannot write .*file\/b: what should be its folder is a file\.$/),
    });
    expect(text('a')).toBe('old');
    expect(readdirSync(folder).toSorted()).toEqual(['a', 'file']);
  });

  it('replaces none when what is to come before it fails', async () => {
    writeFileSync(at('a'), 'old');
    const failure = writeFilesAtomically([{ path: at('a'), content: 'new' }], () =>
      Promise.reject(new Error('no')),
    );
    await expect(failure).rejects.toThrow(/Cannot write .*a: no/);
    expect(text('a')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
  });
});

describe('requireWritable', () => {
  it('touches no file of the user', async () => {
    writeFileSync(at('a'), 'mine');
    writeFileSync(at('a.probe'), 'mine too');
    await requireWritable(at('a'));
    await requireWritable(at('new/b'));
    expect([text('a'), text('a.probe')]).toEqual(['mine', 'mine too']);
    expect(readdirSync(folder).toSorted()).toEqual(['a', 'a.probe', 'new']);
    expect(readdirSync(at('new'))).toEqual([]);
  });

  it('says what cannot be written, and why', async () => {
    writeFileSync(at('file'), '');
    await expect(requireWritable(at('file/a'))).rejects.toMatchObject({
      code: 'write_failed',
      message: expect.stringMatching(/^Cannot write .*file\/a: what should be its folder is a file\.$/),
    });
    await expect(requireWritable(folder)).rejects.toMatchObject({
      code: 'write_failed',
      message: `Cannot write ${folder}: it is a folder. Name a file in it.`,
    });
    // Any of several.
    await expect(requireWritable(at('a'), folder)).rejects.toThrow(`Cannot write ${folder}: it is a folder.`);
  });
});

describe('removeStaleTemporaries', () => {
  it('removes what dead processes left of these files, and nothing else', async () => {
    const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
    const kept = [
      'a',
      'a.tmp',
      `.a.${process.ppid}.tmp`,
      `.other.${dead}.tmp`,
      `.a.b.${dead}.tmp`,
      '.a.x.tmp',
      `.a.${dead}`,
    ];
    const stale = [`.a.${dead}.tmp`, `.a.${process.pid}.tmp`];
    for (const name of [...kept, ...stale]) writeFileSync(at(name), '');
    mkdirSync(at('sub'));
    await removeStaleTemporaries([at('a'), at('sub/a'), at('nowhere/a')]);
    expect(readdirSync(folder).toSorted()).toEqual([...kept, 'sub'].toSorted());
  });
});
