import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readCommand } from '../../../src/cli/read/read-command.js';
import { numbersCsv, trueNumberOf } from '../../../src/cli/read/read-report.js';
import { unusedPort } from '../../data/download/local-server.js';
import { encodePng } from '../../helpers/data/digits.js';
import { numberPicture } from '../../helpers/data/number-pictures.js';
import { testIo, type TestIo } from '../test-io.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkdigit-read-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

async function read(io: TestIo, ...args: readonly string[]): Promise<void> {
  await readCommand(io).parseAsync(args, { from: 'user' });
}

async function writeNumber(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, await encodePng(numberPicture(text)));
  return path;
}

describe('inkdigit read --local', () => {
  it('tells the number of each file, and counts those that are right', async () => {
    await writeNumber('a_truelabel_0472.png', '0472');
    await writeNumber('b.png', '38');
    await writeNumber('c_truelabel_12.png', '57');
    const io = testIo();
    await read(io, folder, '--local');
    const lines = io.out().split('\n');
    expect(lines[0]).toMatch(/a_truelabel_0472\.png {2}0472 {2}\d+\.\d\d %$/);
    expect(lines[1]).toMatch(/b\.png {2}38 {2}/);
    expect(lines[2]).toMatch(/57 {2}.*wrong, it is 12/);
    expect(lines[3]).toBe('1 of 2 right (50.0 %)');
    expect(io.exitCode).toBeUndefined();
  });

  it('names what cannot be read, and reads the others', async () => {
    await writeNumber('a.png', '38');
    await writeFile(join(folder, 'b.png'), 'no image');
    const io = testIo();
    await read(io, folder, '--local', '--json');
    const { results, failed } = JSON.parse(io.out());
    expect(results[0].text).toBe('38');
    expect(results[1].error).toContain('expected');
    expect(failed).toBe(1);
    expect(io.exitCode).toBe(1);
  });

  it('hands on what is known of the numbers', async () => {
    const file = await writeNumber('a.png', '0472');
    const io = testIo();
    await read(io, file, '--local', '--csv', '--pattern', 'dd.dd', '--reject', '1');
    expect(io.out()).toBe(
      `file,number,probability,accepted,error\n${file},????,${io.out().split(',').at(-3)},false,\n`,
    );
  });

  it('refuses what contradicts itself', async () => {
    const file = await writeNumber('a.png', '0472');
    await expect(read(testIo(), file, '--local', '--cells', '4', '--length', '4')).rejects.toThrow('length');
    await expect(read(testIo(), folder, join(folder, 'none'), '-', '-')).rejects.toThrow('Standard input');
  });
});

describe('inkdigit read', () => {
  it('says where no server answers', async () => {
    const file = await writeNumber('a.png', '38');
    const io = testIo();
    await read(io, file, '--server', `http://127.0.0.1:${await unusedPort()}/`);
    expect(io.err()).toContain('Cannot reach');
    expect(io.exitCode).toBe(1);
  });
});

describe('the report', () => {
  it('finds the true number in names', () => {
    expect(trueNumberOf('dir/a_truelabel_0472.png')).toBe('0472');
    expect(trueNumberOf('a.png')).toBeNull();
  });

  it('quotes what has commas and quotes', () => {
    const outcome = { error: 'it is "empty", so' };
    expect(numbersCsv([{ file: 'a,b.png', outcome }], false)).toBe('"a,b.png",,,,"it is ""empty"", so"\n');
  });
});
