import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMarkedCopies } from '../../../bench/serving/marked-versions.js';
import { canRunIdle } from '../../../src/idle-process.js';
import { checkInChild } from '../../../src/server/models/check-in-child.js';
import { checkVersion, type CheckReport } from '../../../src/server/models/check-version.js';
import { loadVersion, noNetworks, type VersionRef } from '../../../src/server/models/held-models.js';
import { DEFAULT_CHECK_LIMITS } from '../../../src/server/models/store-settings.js';
import { ModelStore } from '../../../src/store/model-store.js';
import {
  networksIn,
  readVersionBeside,
  type NetworkRole,
  type NetworkSource,
  type VersionContent,
} from '../../../src/store/version-files.js';
import { shippedModelPath } from '../../../src/model/model-paths.js';
import { writeGoldenModel, type GoldenModelSettings } from '../../helpers/models/golden-model.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-check-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let models = 0;

async function versionOf(
  settings: GoldenModelSettings = {},
): Promise<readonly [VersionRef, NetworkSource, VersionContent]> {
  const version = ++models;
  const content = await readVersionBeside(writeGoldenModel(join(folder, String(version)), settings));
  return [{ version, sha256: content.sha256 }, networksIn(content), content];
}

async function check(
  settings: GoldenModelSettings,
  serving?: GoldenModelSettings,
  limits = DEFAULT_CHECK_LIMITS,
): Promise<CheckReport> {
  const [ref, networks] = await versionOf(settings);
  const served = serving && (await versionOf(serving));
  return checkVersion(ref, networks, served ? [served[0], served[1]] : null, limits);
}

/** Networks, and which of them were read. */
function watched(networks: NetworkSource): { source: NetworkSource; read: NetworkRole[] } {
  const read: NetworkRole[] = [];
  const source: NetworkSource = {
    sha256Of: (role) => networks.sha256Of(role),
    read(role) {
      read.push(role);
      return networks.read(role);
    },
  };
  return { source, read };
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
    const networks = networksIn(content);
    const limits = { goldenAccuracy: 1, maxSlowdown: 3 };
    expect(await checkVersion(ref, networks, null, limits)).toMatchObject({ images: 70, correct: 70 });
    const open = noNetworks();
    const one = await loadVersion(ref, networks, open);
    const { source, read } = watched(networks);
    const two = await loadVersion(ref, source, open);
    expect(one.pictures).toBe(two.pictures);
    expect(read).toEqual(['model']);
    expect([open.classifiers.size, open.pictures.size]).toEqual([1, 1]);
    one.letGo();
    two.letGo();
    expect([open.classifiers.size, open.pictures.size]).toEqual([0, 0]);
  });

  it('tries no networks of pictures that answer requests already', async () => {
    const content = await readVersionBeside(shippedModelPath());
    const ref = { version: 1, sha256: content.sha256 };
    const { source, read } = watched(networksIn(content));
    const report = await checkVersion(ref, source, [ref, source], { goldenAccuracy: 1, maxSlowdown: 3 });
    expect(report).toMatchObject({ images: 60, correct: 60 });
    expect(read).toEqual(['model', 'model']);
  });

  it.each<[string, GoldenModelSettings, RegExp]>([
    [
      'takes each digit for the next',
      { classOf: (digit) => (digit + 1) % 10 },
      /classifies 0 of 60 drawn frames/,
    ],
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
    const [ref, , content] = await versionOf();
    const { networks } = content;
    const truncated = { ...networks.model, bytes: networks.model.bytes.slice(0, 1000) };
    const broken = networksIn({ networks: { model: truncated } });
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

const BUILT = join(process.cwd(), 'dist', 'server', 'models', 'check-program.js');

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
    ['says nothing', 'setInterval(() => {}, 1000)', /had no answer after 500 ms/],
  ])('refuses a version where the process that tries it %s', async (what, code, reason) => {
    const program = join(folder, `${what}.mjs`);
    writeFileSync(program, code);
    const trying = checkInChild(task, {
      program,
      priority: 'low',
      timeoutMs: what === 'says nothing' ? 500 : 60_000,
    });
    await expect(trying).rejects.toMatchObject({
      code: 'invalid_model',
      message: expect.stringMatching(reason),
    });
  });

  it('tries again as the last of all where no processor is ever idle', async ({ skip }) => {
    if (!(await canRunIdle())) skip();
    const program = join(folder, 'starved.cjs');
    // Field 41 of proc(5)'s stat is the scheduling policy, of which 5 is SCHED_IDLE.
    writeFileSync(
      program,
      `const stat = require('node:fs').readFileSync('/proc/self/stat', 'latin1');
      const policy = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]);
      const report = { images: policy, correct: 0, microsecondsAFrame: 0, slowdown: null };
      if (policy === 5) setInterval(() => {}, 1000);
      else process.send({ kind: 'passed', report });`,
    );
    expect(await checkInChild(task, { program, patienceMs: 100 })).toMatchObject({ images: 0 });
  });

  it('reads all files of a version, as it is built: a worker that starts later does too', async () => {
    const dir = join(folder, 'store');
    const store = new ModelStore(dir);
    const refs: VersionRef[] = [];
    for (const path of writeMarkedCopies(shippedModelPath(), join(folder, 'copies'), 2)) {
      refs.push((await store.add(path)).version);
    }
    const [serving, candidate] = refs as [VersionRef, VersionRef];
    truncateSync(join(dir, 'store', candidate.sha256, 'finder.onnx'), 100);
    await expect(
      checkInChild({ ...task, dir, candidate, serving }, { program: BUILT, priority: 'low' }),
    ).rejects.toThrow(/finder\.onnx is not as it was when it was added/);
  });

  it('says what the process says, as it is built', async () => {
    await expect(checkInChild(task, { program: BUILT, priority: 'low' })).rejects.toMatchObject({
      code: 'missing_file',
      message: expect.stringContaining('SHA256SUMS'),
    });
  });
});
