import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as unchanged from '../../scripts/unchanged.mjs';

const { isUnchanged, keepSeen, seeAll } = unchanged;

type Unchanged = typeof unchanged;

describe('what was seen of files and folders', () => {
  let folder: string;
  let source: string;
  let seenFile: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-seen-'));
    mkdirSync(join(folder, 'src'));
    source = join(folder, 'src', 'a.ts');
    seenFile = join(folder, 'seen');
    writeFileSync(source, 'one');
    keepSeen(seeAll([join(folder, 'src'), source]), seenFile);
    // File systems tell apart what is some milliseconds apart.
    await delay(20);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is as it was where nothing happened', () => {
    expect(isUnchanged(seenFile)).toBe(true);
  });

  it('is another after an edit that keeps size and time', async () => {
    utimesSync(source, 1, 1);
    keepSeen(seeAll([source]), seenFile);
    expect(isUnchanged(seenFile)).toBe(true);
    await delay(20);
    writeFileSync(source, 'two');
    utimesSync(source, 1, 1);
    expect(isUnchanged(seenFile)).toBe(false);
  });

  it.each<[string, () => void]>([
    ['a file more', () => writeFileSync(join(folder, 'src', 'b.ts'), '')],
    ['a file less', () => rmSync(source)],
    ['another name', () => renameSync(source, join(folder, 'src', 'b.ts'))],
    ['half of what was kept', () => writeFileSync(seenFile, '{"src')],
    ['nothing kept', () => rmSync(seenFile)],
  ])('is another with %s', (_, change) => {
    change();
    expect(isUnchanged(seenFile)).toBe(false);
  });

  it('is that of a copy in a copy of a clone', async () => {
    const clone = join(folder, 'clone');
    const copy = join(folder, 'copy');
    const module = join('scripts', 'unchanged.mjs');
    for (const name of ['scripts', 'dist', 'src']) mkdirSync(join(clone, name), { recursive: true });
    cpSync(fileURLToPath(new URL('../../scripts/unchanged.mjs', import.meta.url)), join(clone, module));
    writeFileSync(join(clone, 'src', 'a.ts'), 'one');
    const ofClone = (await import(pathToFileURL(join(clone, module)).href)) as Unchanged;
    ofClone.keepSeen(ofClone.seeAll([join(clone, 'src', 'a.ts')]));
    expect(ofClone.isUnchanged()).toBe(true);
    await delay(20);
    cpSync(clone, copy, { recursive: true });
    writeFileSync(join(copy, 'src', 'a.ts'), 'two');
    const ofCopy = (await import(pathToFileURL(join(copy, module)).href)) as Unchanged;
    expect(ofCopy.isUnchanged()).toBe(false);
    expect(ofClone.isUnchanged()).toBe(true);
  });

  it('is looked at again where nothing can be kept', () => {
    keepSeen(seeAll([source]), join(folder, 'gone', 'seen'));
    expect(isUnchanged(join(folder, 'gone', 'seen'))).toBe(false);
  });
});
