import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isUnchanged, keepSeen, seeAll } from '../../scripts/unchanged.mjs';

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

  it('is looked at again where nothing can be kept', () => {
    keepSeen(seeAll([source]), join(folder, 'gone', 'seen'));
    expect(isUnchanged(join(folder, 'gone', 'seen'))).toBe(false);
  });
});
