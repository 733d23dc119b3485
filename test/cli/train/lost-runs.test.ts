import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDigitFolder } from '../../helpers/data/digit-folder.js';
import { runsLong } from '../../helpers/runner/long.js';
import { runCli, startCli, type CliResult } from '../../helpers/programs/run-cli.js';
import { mountSmallDisk } from '../../helpers/surroundings/small-disk.js';
import { refusalOf } from '../../helpers/programs/refusal.js';

let root: string;
let digits: string;
/** What an unbroken run gives. */
let whole: Buffer;
/** The folder of a run that was killed in its third epoch or after it, long before its end. */
let killed: string;

const FINISHED = ['m.json', 'm.onnx', 'm.svg', 'm.weights'];

function folder(name: string): string {
  return join(root, name);
}

const NETWORK = ['--network', 'small'];

/** A run over 60 drawn digits, with enough epochs to be killed half-way. */
function start(name: string, ...more: string[]): string[] {
  const out = join(folder(name), 'm.onnx');
  return ['train', '--images', digits, ...NETWORK, '--epochs', '9', '--out', out, ...more];
}

function resumption(name: string, ...more: string[]): string[] {
  return ['train', '--resume', '--out', join(folder(name), 'm.onnx'), ...more];
}

function resume(name: string, ...more: string[]): Promise<CliResult> {
  return runCli(resumption(name, ...more));
}

function files(name: string): string[] {
  return readdirSync(folder(name)).toSorted();
}

function file(name: string, of: string): Buffer {
  return readFileSync(join(folder(name), of));
}

async function killAfter(text: string, name: string): Promise<void> {
  const run = startCli(start(name));
  run.signalAfter(text, 'SIGKILL');
  const { code, stderr } = await run.ended;
  expect(code, stderr).toBeNull();
}

/** A copy of the killed run, to damage. */
function copyOfKilled(name: string): string {
  cpSync(killed, folder(name), { recursive: true });
  return join(folder(name), 'm.checkpoint');
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'inkdigit-lost-'));
  digits = join(root, 'digits');
  await writeDigitFolder(digits, 60);
  const { code, stderr } = await runCli(start('whole'));
  expect(code, stderr).toBe(0);
  whole = file('whole', 'm.onnx');
  killed = folder('killed');
  await killAfter('epoch 3/9', 'killed');
});
afterAll(() => rmSync(root, { recursive: true }));

describe('a training that was killed', () => {
  it.each(runsLong ? ['epoch 1/9', 'epoch 4/9'] : ['epoch 1/9'])(
    'continues after %s to the very file of an unbroken run',
    async (text) => {
      const name = text.replaceAll(/\W/g, '-');
      await killAfter(text, name);
      // Killed so early that nothing was saved: then one begins anew.
      const saved = files(name).some((of) => of.startsWith('m.checkpoint'));
      const { code, stderr } = saved ? await resume(name) : await runCli(start(name));
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(saved ? /Continuing after epoch \d: / : /Training: /);
      expect(file(name, 'm.onnx').equals(whole)).toBe(true);
      expect(file(name, 'm.weights').equals(file('whole', 'm.weights'))).toBe(true);
      expect(files(name)).toEqual(FINISHED);
    },
  );

  it('is not started over by mistake', async () => {
    copyOfKilled('not-over');
    const before = file('not-over', 'm.checkpoint');
    const said = await refusalOf(start('not-over'));
    expect(said).toMatch(/m\.checkpoint exists already\. .*--resume continues it, --force starts over/);
    const wrong = await refusalOf(start('not-over', '--force', '--batch-size', '64'));
    expect(wrong).toMatch(/batch size 64 is larger than the 50 training images/);
    expect(file('not-over', 'm.checkpoint').equals(before)).toBe(true);
  });

  it('continues after a kill between the two renames of a checkpoint, and tidies up', async () => {
    const newest = copyOfKilled('between');
    // No process has so large a number.
    const left = join(folder('between'), '.m.checkpoint.4194999.tmp');
    cpSync(newest, left);
    rmSync(newest);
    const { code, stderr } = await resume('between');
    expect(code, stderr).toBe(0);
    expect(file('between', 'm.onnx').equals(whole)).toBe(true);
    expect(files('between')).toEqual(FINISHED);
  });

  it('says so when both checkpoints are damaged, and leaves them', async () => {
    const newest = copyOfKilled('both');
    writeFileSync(newest, '');
    writeFileSync(`${newest}.previous`, readFileSync(`${newest}.previous`).subarray(1));
    const before = files('both').filter((of) => !of.endsWith('.tmp'));
    const said = await refusalOf(resumption('both'));
    expect(said).toContain(`${newest} is not a checkpoint of a training (0 bytes).`);
    expect(said).toContain(`${newest}.previous is not a checkpoint of a training`);
    expect(said).toMatch(/There is no other to continue from; start over with --force\.\n$/);
    expect(files('both')).toEqual(before);
  });

  it('is not continued on other images, nor with other settings', async () => {
    copyOfKilled('changed');
    const other = folder('other-digits');
    await writeDigitFolder(other, 60, 2);
    expect(await refusalOf(resumption('changed', '--images', other))).toMatch(
      /The images in .*other-digits are not those that the training was started with: expected SHA-256 \w{64}, got/,
    );
    const settings = resumption('changed', '--epochs', '8', '--seed', '1', '--skip-bad');
    expect(await refusalOf(settings)).toMatch(
      /started with, here --epochs 9, no --skip-bad\. Leave other ones out/,
    );
    expect(await refusalOf(resumption('changed', '--quick'))).toMatch(/leave --quick out/);
    // The same images elsewhere are the same data.
    cpSync(digits, folder('moved-digits'), { recursive: true });
    const moved = await resume('changed', '--images', folder('moved-digits'), '--epochs', '9');
    expect(moved.code, moved.stderr).toBe(0);
    expect(file('changed', 'm.onnx').equals(whole)).toBe(true);
  });
});

describe('a training that was stopped', () => {
  it('ends after the batch on Ctrl-C, keeps the best model, and resumes to the file of an unbroken run', async () => {
    const name = 'stopped';
    const run = startCli(start(name));
    run.signalAfter('epoch 3/9', 'SIGINT');
    const stopped = await run.ended;
    expect(stopped.code, stopped.stderr).toBe(0);
    expect(stopped.stderr).toMatch(/Stopping after this batch/);
    expect(stopped.stderr).toMatch(/Stopped in .* Best: epoch \d, validation/);
    expect(stopped.stderr).toMatch(/inkdigit train --resume --out .* continues it/);
    expect(files(name)).toEqual(['m.checkpoint', 'm.checkpoint.previous', ...FINISHED]);
    expect(await refusalOf(start(name))).toMatch(
      /m\.checkpoint exists already\. .*--resume continues it, --force starts over/,
    );

    // The newest checkpoint is damaged: the one before has to do.
    const newest = join(folder(name), 'm.checkpoint');
    const bytes = readFileSync(newest);
    bytes[100_000]! ^= 1;
    writeFileSync(newest, bytes);
    const resumed = await resume(name);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).toContain(`${newest} is damaged`);
    expect(resumed.stderr).toContain(`Continuing from ${newest}.previous instead, an epoch earlier.`);
    expect(resumed.stderr).toMatch(/Continuing after epoch \d/);
    expect(resumed.stderr).toMatch(/Done in .* validation [\d.]+ %\n/);
    expect(files(name)).toEqual(FINISHED);
    expect(file(name, 'm.onnx').equals(whole)).toBe(true);
  });
});

describe('a training that was stopped in its first epoch', () => {
  it('says nothing of continuing what was not saved', async () => {
    const run = startCli(start('early', '--batch-size', '2'));
    run.signalAfter('Training: ', 'SIGINT');
    const { stderr } = await run.ended;
    expect(stderr).toMatch(/Stopping after this batch|stopped before its first step/);
    expect(stderr).not.toMatch(/continues it/);
    expect(files('early')).not.toContain('m.checkpoint');
  });
});

describe('a training that diverges', () => {
  it('says what to try and what is kept, and goes on from there', async () => {
    const name = 'diverging';
    // So strong a decay is harmless at a small learning rate, and at a large one multiplies weights by -9999 a step.
    const run = startCli(start(name, '--weight-decay', '100'));
    run.signalAfter('epoch 3/9', 'SIGKILL');
    await run.ended;
    const { code, stderr } = await resume(name, '--learning-rate', '100');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        String.raw`inkdigit: The training diverged in epoch \d, step \d+: .*Try a smaller learning rate than 100, as ` +
          String.raw`--learning-rate 30\. .* The training up to epoch \d and its best model are kept in ` +
          String.raw`.*m\.checkpoint: inkdigit train --resume --out .*m\.onnx goes on from there, with another ` +
          '--learning-rate',
      ),
    );
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(files(name)).toEqual(['m.checkpoint', 'm.checkpoint.previous']);
    const mended = await resume(name, '--learning-rate', '0.001');
    expect(mended.code, mended.stderr).toBe(0);
    expect(files(name)).toEqual(FINISHED);
  });

  it('says so where nothing was saved yet', async () => {
    const { code, stderr } = await runCli(
      start('at-once', '--weight-decay', '100', '--learning-rate', '100'),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /The training diverged .* No epoch was saved that it could be continued from\.\n$/,
    );
  });
});

describe('a full disk', () => {
  it('stops neither the training nor takes what was there, and the model is written later', async ({
    skip,
  }) => {
    const name = 'full';
    // Neither a checkpoint nor a model and its weights find room.
    const disk = mountSmallDisk(folder(name), '400k');
    if (!disk) return skip('mounting a small disk takes root');
    try {
      writeFileSync(join(folder(name), 'm.onnx'), 'of an earlier training');
      writeFileSync(join(folder(name), 'm.svg'), 'its curves');
      const full = await runCli(start(name, '--force', '--epochs', '2'));
      expect(full.code).toBe(1);
      expect(
        full.stderr.match(
          /^No checkpoint of epoch \d: Cannot write .*m\.checkpoint: the disk is full\. .* The training goes on\.$/gm,
        ),
      ).toHaveLength(2);
      expect(full.stderr).toMatch(
        /\ninkdigit: Cannot write .*m\.\w+: the disk is full\. .* No epoch was saved that it could be continued/,
      );
      expect(files(name)).toEqual(['m.onnx', 'm.svg']);
      expect(file(name, 'm.onnx').toString()).toBe('of an earlier training');
      expect(file(name, 'm.svg').toString()).toBe('its curves');

      disk.grow();
      const filler = join(folder(name), 'filler');
      for (const of of ['m.checkpoint', 'm.checkpoint.previous']) {
        cpSync(join(killed, of), join(folder(name), of));
      }
      const { bavail, bsize } = statfsSync(folder(name));
      writeFileSync(filler, Buffer.alloc(bavail * bsize - 400_000));
      const again = await resume(name);
      expect(again.code).toBe(1);
      expect(again.stderr).toMatch(
        new RegExp(
          String.raw`Cannot write .*m\.\w+: the disk is full\. Make room there\. The training up to epoch \d and its ` +
            String.raw`best model are kept in .*m\.checkpoint: inkdigit train --resume --out`,
        ),
      );
      expect(file(name, 'm.onnx').toString()).toBe('of an earlier training');
      rmSync(filler);
      const roomy = await resume(name);
      expect(roomy.code, roomy.stderr).toBe(0);
      expect(file(name, 'm.onnx').equals(whole)).toBe(true);
      expect(files(name)).toEqual(FINISHED);
    } finally {
      disk.unmount();
    }
  });
});
