import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenesCommand } from '../../../src/cli/train/scenes-command.js';
import { testIo } from '../test-io.js';

describe('inkdigit scenes', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-scenes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (...args: readonly string[]): Promise<unknown> =>
    scenesCommand(testIo()).parseAsync(args, { from: 'user' });

  it('refuses a data set that there is not, and writes nothing', async () => {
    const out = join(folder, 'a.png');
    await expect(run('--datasets', 'nope', '--out', out)).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('nope'),
    });
    expect(existsSync(out)).toBe(false);
  });

  it('leaves a file that is there as it is, before anything is loaded', async () => {
    const out = join(folder, 'b.png');
    writeFileSync(out, 'mine');
    await expect(run('--out', out)).rejects.toThrow(/b\.png.*--force/);
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });
});
