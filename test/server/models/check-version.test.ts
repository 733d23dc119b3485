import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInChild } from '../../../src/server/models/check-in-child.js';
import { checkVersion, type CheckReport } from '../../../src/server/models/check-version.js';
import { loadVersion, noNetworks, type VersionRef } from '../../../src/server/models/held-models.js';
import { DEFAULT_CHECK_LIMITS } from '../../../src/server/models/store-settings.js';
import { readVersionBeside, type VersionContent } from '../../../src/store/version-files.js';
import { shippedModelPath } from '../../../src/model/model-paths.js';
import { writeGoldenModel, type GoldenModelSettings } from '../../helpers/models/golden-model.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-check-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let models = 0;

async function versionOf(settings: GoldenModelSettings = {}): Promise<readonly [VersionRef, VersionContent]> {
  const version = ++models;
  const content = await readVersionBeside(writeGoldenModel(join(folder, String(version)), settings));
  return [{ version, sha256: content.sha256 }, content];
}

async function check(
  settings: GoldenModelSettings,
  serving?: GoldenModelSettings,
  limits = DEFAULT_CHECK_LIMITS,
): Promise<CheckReport> {
  const [ref, content] = await versionOf(settings);
  return checkVersion(ref, content, serving ? await versionOf(serving) : null, limits);
}

describe('checkVersion', () => {
  it('passes a model that reads the golden images', async () => {
    expect(await check({ scale: 0.2 })).toEqual({
      images: 60,
      correct: 60,
      microsecondsAFrame: expect.any(Number),
      slowdown: null,
    });
  });

  it('passes the shipped models, pictures too, and shares what two versions have in common', async () => {
    const content = await readVersionBeside(shippedModelPath());
    const ref = { version: 1, sha256: content.sha256 };
    const report = await checkVersion(ref, content, [ref, content], { goldenAccuracy: 1, maxSlowdown: 3 });
    expect(report).toMatchObject({ images: 70, correct: 70 });
    const networks = noNetworks();
    const [one, two] = [await loadVersion(ref, content, networks), await loadVersion(ref, content, networks)];
    expect(one.pictures).toBe(two.pictures);
    expect([networks.classifiers.size, networks.pictures.size]).toEqual([1, 1]);
    one.letGo();
    two.letGo();
    expect([networks.classifiers.size, networks.pictures.size]).toEqual([0, 0]);
  });

  it.each<[string, GoldenModelSettings, RegExp]>([
    ['takes each digit for the next', { classOf: (digit) => (digit + 1) % 10 }, /classifies 0 of 60 drawn frames/],
    ['is no model of this contract', { outputs: 12 }, /ONNX model of another kind.*\[N,12\]/],
    ['answers with NaN', { scale: NaN }, /is no probability/],
    ['has another threshold than its card', { threshold: 0.2, cardThreshold: 0.5 }, /0\.2, its card 0\.5/],
    ['accepts nothing', { threshold: 1, outputs: 11, scale: 0.02 }, /classifies 0 of 60/],
  ])('refuses one that %s', async (_what, settings, reason) => {
    await expect(check(settings)).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(reason),
    });
  });

  it('refuses bytes that are no model', async () => {
    const [ref, content] = await versionOf();
    const { networks } = content;
    const truncated = { ...networks.model, bytes: networks.model.bytes.slice(0, 1000) };
    const broken = { ...content, networks: { model: truncated } };
    await expect(checkVersion(ref, broken, null, DEFAULT_CHECK_LIMITS)).rejects.toThrow('cannot be opened');
  });

  it('refuses one that is slower than it may be, and passes it where it may', async () => {
    const slow = { scale: 0.3, repeats: 20 };
    await expect(check(slow, { scale: 0.2 })).rejects.toThrow(
      /times the processor time for frames.*--max-slowdown/,
    );
    const { slowdown } = await check(slow, { scale: 0.2 }, { goldenAccuracy: 0.9, maxSlowdown: 1e6 });
    expect(slowdown).toBeGreaterThan(1.5);
  });

  it('asks for as much as it is told to', async () => {
    const confused = { classOf: (digit: number) => (digit === 3 ? 8 : digit === 8 ? 3 : digit) };
    await expect(check(confused)).rejects.toThrow('classifies 48 of 60');
    const report = await check(confused, undefined, { goldenAccuracy: 0.8, maxSlowdown: 2 });
    expect(report).toMatchObject({ images: 60, correct: 48 });
  });
});

describe('checkInChild', () => {
  const task = {
    dir: 'nowhere',
    candidate: { version: 7, sha256: '0'.repeat(64) },
    serving: null,
    limits: DEFAULT_CHECK_LIMITS,
  };

  it.each([
    ['ends', 'process.exit(3)', /the process that tried it ended before its answer \(exit code 3\)/],
    ['is killed', "process.kill(process.pid, 'SIGKILL')", /signal SIGKILL/],
    ['says nothing', 'setInterval(() => {}, 1000)', /had no answer after 2000 ms/],
  ])('refuses a version where the process that tries it %s', async (what, code, reason) => {
    const program = join(folder, `${what}.mjs`);
    writeFileSync(program, code);
    const trying = checkInChild(task, { program, timeoutMs: what === 'says nothing' ? 2000 : 60_000 });
    await expect(trying).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(reason),
    });
  });

  it('says what the process says, as it is built', async () => {
    const program = join(process.cwd(), 'dist', 'server', 'models', 'check-program.js');
    await expect(checkInChild(task, { program })).rejects.toMatchObject({
      code: 'missing_file',
      message: expect.stringContaining('SHA256SUMS'),
    });
  });
});
