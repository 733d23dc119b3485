import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseModelCard } from '../../../src/model/card/card.js';
import { floatModelPath } from '../../../src/model/model-paths.js';
import { writeDigitFolder } from '../../helpers/data/digit-folder.js';
import { runCli, startCli } from '../../helpers/programs/run-cli.js';
import { refusalOf } from '../../helpers/programs/refusal.js';

let root: string;
let digits: string;
/** What learning from the shipped model gives, and what it said. */
let taught: Buffer;
let said: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'inkdigit-teachers-'));
  digits = join(root, 'digits');
  await writeDigitFolder(digits, 60);
  const { code, stderr } = await runCli(train('taught', '--teachers', floatModelPath()));
  expect(code, stderr).toBe(0);
  said = stderr;
  taught = readFileSync(join(root, 'taught', 'm.onnx'));
});
afterAll(() => rmSync(root, { recursive: true }));

function train(name: string, ...more: string[]): string[] {
  const out = join(root, name, 'm.onnx');
  return ['train', '--images', digits, '--network', 'small', '--epochs', '6', '--out', out, ...more];
}

function resumption(name: string, ...more: string[]): string[] {
  return ['train', '--resume', '--out', join(root, name, 'm.onnx'), ...more];
}

describe('inkdigit train --teachers', () => {
  it('distils from other models, and the card says from which', async () => {
    expect(said).toContain('distilled from mnist.onnx');
    const card = parseModelCard(readFileSync(join(root, 'taught', 'm.json'), 'utf8'), 'the card');
    const { file } = parseModelCard(
      readFileSync(floatModelPath().replace(/onnx$/, 'json'), 'utf8'),
      'its card',
    );
    expect(card.recipe).toMatchObject({ teachers: `mnist.onnx ${file.sha256}`, teacherShare: 0.8 });

    const alone = await runCli(train('alone'));
    expect(alone.code, alone.stderr).toBe(0);
    expect(readFileSync(join(root, 'alone', 'm.onnx')).equals(taught)).toBe(false);
  });

  it('continues with the same teachers, to the same file, and with no others', async () => {
    const teacher = join(root, 'teacher.onnx');
    cpSync(floatModelPath(), teacher);
    const run = startCli(train('stopped', '--teachers', teacher));
    run.signalAfter('epoch 2/6', 'SIGKILL');
    expect((await run.ended).code).toBeNull();

    const bytes = readFileSync(teacher);
    cpSync(join(root, 'taught', 'm.onnx'), teacher);
    expect(await refusalOf(resumption('stopped'))).toMatch(
      /teacher\.onnx is not the teacher that the training was started with/,
    );
    rmSync(teacher);
    expect(await refusalOf(resumption('stopped'))).toMatch(
      /Cannot read the model's file .*teacher\.onnx: there is no such file\. Put it back, pass --teachers with/,
    );
    const moved = join(root, 'moved.onnx');
    writeFileSync(moved, bytes);
    const more = resumption('stopped', '--teachers', `${moved},${moved}`);
    expect(await refusalOf(more)).toMatch(/started with 1 of them, got 2/);
    // Counted before they are read.
    const nowhere = resumption('stopped', '--teachers', `${moved},${root}/nowhere.onnx`);
    expect(await refusalOf(nowhere)).toMatch(/started with 1 of them, got 2/);

    const continued = await runCli(resumption('stopped', '--teachers', moved));
    expect(continued.code, continued.stderr).toBe(0);
    expect(readFileSync(join(root, 'stopped', 'm.onnx')).equals(taught)).toBe(true);
  });

  it('says what is wrong with a file that is no teacher', async () => {
    const noModel = join(root, 'no-model.onnx');
    writeFileSync(noModel, 'not a model');
    const broken = await runCli(train('broken', '--teachers', noModel));
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/no-model\.onnx cannot be opened as an ONNX model/);
    expect(await refusalOf(train('empty', '--teachers', 'a.onnx,'))).toMatch(
      /Expected files with commas between them, as a\.onnx,b\.onnx; got "a\.onnx,"/,
    );
  });
});
