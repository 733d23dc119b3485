import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { batchCommand } from '../../../src/cli/batch/batch-command.js';
import { startFakeService } from '../../client/fake-service.js';
import { resultRows, testFolder } from '../../helpers/programs/batches.js';
import { drawDigit, encodePng } from '../../helpers/data/digits.js';
import { runCli } from '../../helpers/programs/run-cli.js';
import { writeTinyModel } from '../../helpers/models/tiny-model.js';
import { testIo } from '../test-io.js';

/** An IDX file of digits: of each the brightest of the first ten pixels is its number modulo 10. */
function writeDigits(path: string, count: number): void {
  const bytes = Buffer.alloc(16 + count * 784);
  for (const [i, value] of [0x0803, count, 28, 28].entries()) bytes.writeUInt32BE(value, 4 * i);
  for (let i = 0; i < count; i++) bytes[16 + i * 784 + (i % 10)] = 255;
  writeFileSync(path, bytes);
}

/** Bytes of rows that a batch has written, complete files or not. */
function bytesWritten(output: string): number {
  const work = join(output, '.batch', 'shard');
  try {
    const open = readdirSync(work).filter((name) => name.startsWith('rows-'));
    const parts = readdirSync(output).filter((name) => name.startsWith('part-'));
    return [...open.map((name) => join(work, name)), ...parts.map((name) => join(output, name))]
      .map((path) => statSync(path).size)
      .reduce((sum, size) => sum + size, 0);
  } catch {
    // Not there yet, or just gone.
    return 0;
  }
}

async function killWhenWritten(child: ChildProcess, output: string, bytes: number): Promise<void> {
  const ended = once(child, 'exit');
  while (child.exitCode === null && bytesWritten(output) < bytes) await delay(2);
  child.kill('SIGKILL');
  await ended;
}

describe('inkdigit batch', () => {
  it('is killed twice, goes on, and has the same results as if it never was', async () => {
    const folder = testFolder();
    const model = writeTinyModel(folder);
    const inputs = [join(folder, 'a.idx'), join(folder, 'b.idx')];
    for (const path of inputs) writeDigits(path, 10_000);
    const args = ['--model', model, '--workers', '2', '--rows-per-file', '8000'];
    const output = join(folder, 'killed');
    const command = ['batch', ...inputs, ...args, '--output', output, '--resume'];
    for (let kill = 1; kill <= 2; kill++) {
      const child = spawn(process.execPath, ['bin/inkdigit.mjs', ...command], { stdio: 'ignore' });
      await killWhenWritten(child, output, bytesWritten(output) + 200_000);
    }
    const { code, stdout, stderr } = await runCli(command);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('20,000 images, 0 failed');
    expect(resultRows(output)).toEqual(
      inputs.flatMap((path) =>
        Array.from({ length: 10_000 }, (_, i) => {
          const file = `${path}#${i}`;
          return { file, class: i % 10, probability: expect.any(Number), digit: true };
        }),
      ),
    );
    expect(readdirSync(output).toSorted()).toEqual([
      '.batch',
      '_SUCCESS',
      'part-00000.jsonl',
      'part-00001.jsonl',
      'part-00002.jsonl',
      'summary.json',
    ]);
  });

  it('reads files and what is no image, and ends as an Indexed Job understands', async () => {
    const folder = testFolder();
    const model = writeTinyModel(folder);
    const scans = join(folder, 'scans');
    mkdirSync(scans);
    writeFileSync(join(scans, 'good.png'), await encodePng(drawDigit(7)));
    writeFileSync(join(scans, 'bad.png'), 'no image');
    const args = ['batch', scans, '--model', model, '--workers', '1'];
    const job = { JOB_COMPLETION_INDEX: '0' };
    const output = join(folder, 'out');
    const strict = await runCli([...args, '--output', output, '--max-errors', '0', '--shards', '1'], job);
    expect(strict.code, strict.stderr).toBe(3);
    expect(strict.stderr).toContain(
      '1 of 2 images failed, more than the 0 that --max-errors allows: not_an_image 1',
    );
    const done = await runCli([...args, '--output', output, '--resume', '--shards', '1'], job);
    expect(done.code, done.stderr).toBe(0);
    const rows = resultRows(output).toSorted((a, b) => (a.file < b.file ? -1 : 1));
    expect(rows).toMatchObject([
      { file: join(scans, 'bad.png'), error: 'not_an_image' },
      { file: join(scans, 'good.png'), class: expect.any(Number) },
    ]);
    const wrong = await runCli(['batch', scans, '--output', output, '--format', 'xml']);
    expect(wrong.code, wrong.stderr).toBe(2);
  });

  it('ends at a picture whose networks are damaged, and goes on when they are whole', async () => {
    const folder = testFolder();
    const model = join(folder, 'models', 'mnist.int8.onnx');
    cpSync('models', join(folder, 'models'), { recursive: true });
    const reader = join(folder, 'models', 'reader.int8.onnx');
    writeFileSync(reader, readFileSync(reader).subarray(0, 1000));
    const frames = join(folder, 'a.idx');
    writeDigits(frames, 3);
    const output = join(folder, 'out');
    const args = [
      'batch',
      frames,
      'examples/digits/3-photo.jpg',
      '--model',
      model,
      '--output',
      output,
      '--resume',
    ];
    const broken = await runCli(args);
    expect(broken.code, broken.stderr).toBe(2);
    expect(broken.stderr).toContain(`${reader} is not the model`);
    expect(readdirSync(output)).not.toContain('_SUCCESS');
    cpSync(join('models', 'reader.int8.onnx'), reader);
    const whole = await runCli(args);
    expect(whole.code, whole.stderr).toBe(0);
    expect(resultRows(output)).toMatchObject([{}, {}, {}, { class: 3, digit: true }]);
  });

  it.each([
    [['a.png', '--output', 'out', '--shards', '3'], {}, /--shard 0\/3/],
    [['a.png', '--output', 'out'], { JOB_COMPLETION_INDEX: '1' }, /--shards 8/],
    [['a.png', '--output', 'out', '--length', '4'], {}, /--length is said of numbers/],
    [['a.png', '--output', 'out', '--min-length', '4'], {}, /--min-length is said of numbers/],
    [['a.png', '--output', 'out', '--read', 'numbers', '--grid', '0x9'], {}, /grid of columns x rows/],
    [['-', '-', '--output', 'out'], {}, /name it once/],
    [['none.png', '--output', 'out'], {}, /none.png: there is no such file/],
    [['a.png', '--output', 'out', '--model', 'none.onnx'], {}, /Cannot read the model's file/],
  ])('refuses %j with exit code 2', async (args, env, message) => {
    const folder = testFolder();
    const io = testIo({ env });
    const placed = args.map((arg) => (arg === 'out' ? join(folder, 'out') : arg));
    await batchCommand(io).parseAsync(placed, { from: 'user' });
    expect(io.err()).toMatch(message);
    expect(io.exitCode).toBe(2);
  });

  it('has a service read the images', async () => {
    const folder = testFolder();
    const scans = join(folder, 'scans');
    mkdirSync(scans);
    for (const value of [7, 3, 99]) writeFileSync(join(scans, `${value}.png`), Uint8Array.of(value));
    const { url } = await startFakeService();
    const io = testIo();
    const output = join(folder, 'out');
    const args = [scans, '--server', url, '--output', output];
    await batchCommand(io).parseAsync(args, { from: 'user' });
    expect(io.exitCode, io.err()).toBe(0);
    expect(resultRows(output).toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
      { file: join(scans, '3.png'), class: 3, probability: 0.75, digit: true },
      { file: join(scans, '7.png'), class: 7, probability: 0.75, digit: true },
      { file: join(scans, '99.png'), error: 'not_an_image', message: '99 is no digit' },
    ]);
    expect(JSON.parse(readFileSync(join(output, 'summary.json'), 'utf8')).batch.readBy).toBe('service');
  });
});
