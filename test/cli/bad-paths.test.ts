import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/main.js';
import { writeDigitFolder } from '../helpers/data/digit-folder.js';

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'inkdigit-paths-'));
  await writeDigitFolder(join(root, 'digits'), 20);
  writeFileSync(join(root, 'file'), '');
  for (const folder of ['dir.onnx', 'taken/m.checkpoint', 'taken/m.json']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  symlinkSync('circle', join(root, 'circle'));
});
afterAll(() => rmSync(root, { recursive: true }));

const LONG = `${'a'.repeat(300)}.onnx`;

/** Command lines, with `@` for the folder, and what each is answered. */
const LINES: readonly [line: string, answer: RegExp][] = [
  [
    'train --images @/digits --out @/file/m.onnx',
    /^Cannot write .*m\.onnx: what should be its folder is a file\.$/,
  ],
  [
    'train --images @/digits --out @/file/sub/m.onnx',
    /^Cannot write .*: what should be its folder is a file\.$/,
  ],
  ['train --images @/digits --out @/dir.onnx', /^Cannot write .*dir\.onnx: it is a folder\./],
  [
    'train --images @/digits --force --out @/taken/m.onnx',
    /^Cannot write .*taken\/m\.json: it is a folder\./,
  ],
  ['train --resume --out @/taken/m.onnx', /^Cannot write .*taken\/m\.json: it is a folder\./],
  [`train --images @/digits --out @/${LONG}`, /^Cannot write .*: its name is too long\.$/],
  [
    'train --images @/circle --out @/o/m.onnx',
    /^Cannot read .*circle: its links lead in a circle\. Expected one/,
  ],
  [
    'train --images @/file --out @/o/m.onnx',
    /^Cannot read .*file: it is a file, or lies in one\. Expected one/,
  ],
  [
    'train --images @/digits --from @/file/x.onnx --out @/o/m.onnx',
    /^--from: cannot read .*: what should be its/,
  ],
  [
    'train --images @/digits --from @/dir.onnx --out @/o/m.onnx',
    /^--from: cannot read .*: it is a folder, not/,
  ],
  ['train --images @/digits --teachers @/x.onnx --out @/o/m.onnx', /x\.onnx: there is no such file\.$/],
  [
    'train --images @/digits --teachers @/dir.onnx --out @/o/m.onnx',
    /dir\.onnx: it is a folder, not a file\.$/,
  ],
  [
    'train --data-dir @/file --out @/o/m.onnx',
    /^Cannot read .*file\/train-images.*: what should be its folder/,
  ],
  ['evaluate --images @/file', /^Cannot read .*file: it is a file, or lies in one\. Expected one folder/],
  [
    'evaluate --images @/digits --html @/file/r.html',
    /^Cannot write .*r\.html: what should be its folder is a file\.$/,
  ],
  [
    'evaluate --images @/digits --outliers @/file',
    /^Cannot read the folder .*file: it is a file, or lies in one\.$/,
  ],
  ['evaluate --model @/x.onnx', /^Cannot read the model's file .*x\.onnx: there is no such file\.$/],
  ['evaluate --model @/dir.onnx', /^Cannot read the model's file .*dir\.onnx: it is a folder, not a file\.$/],
  ['evaluate --record --model @/taken/m.onnx', /^Cannot write .*taken\/m\.json: it is a folder\./],
  ['evaluate --record --seeds @/x.onnx', /^Cannot read the model's file .*x\.json: there is no such file\.$/],
  ['quantize @/dir.onnx', /^quantize: cannot read .*dir\.onnx: it is a folder, not a file\.$/],
  ['quantize @/file/x.onnx', /^Cannot write .*x\.int8\.onnx: what should be its folder is a file\.$/],
  ['quantize @/x.onnx --out @/taken/m.onnx', /^Cannot write .*taken\/m\.json: it is a folder\./],
  ['add-ood-head @/x.onnx --out @/taken/m.onnx', /^Cannot write .*taken\/m\.json: it is a folder\./],
  ['add-ood-head @/dir.onnx', /^add-ood-head: cannot read .*dir\.onnx: it is a folder, not a file\.$/],
  ['average @/x.onnx @/y.onnx --out @/taken/m.onnx', /^Cannot write .*taken\/m\.json: it is a folder\./],
  ['average @/x.onnx @/y.onnx --out @/o/m.onnx', /^average: cannot read .*x\.onnx: there is no such file\.$/],
  [
    'download --data-dir @/file',
    /^Cannot read .*file\/train-images.*: what should be its folder is a file\.$/,
  ],
  [
    'classify --local --model @/dir.onnx @/digits',
    /^Cannot read the model's file .*dir\.onnx: it is a folder, not/,
  ],
];

describe('a path that cannot be', () => {
  it.each(LINES)('is told in words: %s', async (line, answer) => {
    const args = line.split(' ').map((word) => word.replace('@', root));
    const program = await buildProgram(args[0]);
    const message = await program.parseAsync(args, { from: 'user' }).then(
      () => 'no error',
      (thrown: unknown) =>
        thrown instanceof Error && thrown.name === 'InkdigitError' ? thrown.message : thrown,
    );
    expect(message).toMatch(answer);
    expect(message).not.toMatch(/\bE[A-Z]{3,}\b/);
  });
});
