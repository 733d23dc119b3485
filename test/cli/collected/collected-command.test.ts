import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectedCommand } from '../../../src/cli/collected/collected-command.js';
import { Collection } from '../../../src/collected/collection.js';
import { pngOfDigit } from '../../helpers/programs/test-app.js';
import { testIo } from '../test-io.js';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-collected-'));
  const collection = new Collection(join(folder, 'kept'), 1e6);
  await collection.add('7', await pngOfDigit(7));
  await collection.add('7', await pngOfDigit(1));
  await collection.add('none', await pngOfDigit(4));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]): Promise<string> {
  const io = testIo();
  await collectedCommand(io).parseAsync([...args], { from: 'user' });
  return io.out();
}

describe('inkdigit collected', () => {
  it('lists how many there are', async () => {
    expect(await run('list', join(folder, 'kept'))).toMatch(/^7 +2\nnone +1\n3 corrections, \d+ bytes\n$/);
    expect(JSON.parse(await run('list', join(folder, 'kept'), '--json'))).toMatchObject({ images: 3 });
  });

  it('shows each', async () => {
    const lines = (await run('show', join(folder, 'kept'))).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^(7|none) +\d{4}-\d\d-\d\dT\S+ +\d+ {2}[0-9a-f]{64}\.png$/);
  });

  it('exports them into a new folder, and into no other', async () => {
    const out = join(folder, 'out');
    expect(await run('export', join(folder, 'kept'), out, '--digits-only')).toContain('2 corrections in');
    expect(readdirSync(join(out, '7'))).toHaveLength(2);
    expect(existsSync(join(out, 'none'))).toBe(false);
    await expect(run('export', join(folder, 'kept'), out)).rejects.toMatchObject({ code: 'file_exists' });
  });

  it('says which folder is none', async () => {
    await expect(run('list', join(folder, 'no'))).rejects.toMatchObject({ code: 'missing_file' });
  });
});
