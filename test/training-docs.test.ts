import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDigitFolder } from './helpers/digit-folder.js';
import { runCli, startCli } from './helpers/run-cli.js';

const docs = readFileSync(fileURLToPath(new URL('../docs/training.md', import.meta.url)), 'utf8');
const section = /## Your own digits\n([^]*?)\n## /.exec(docs)?.[1] ?? '';

/** The lines of every `sh` block of the section, in order. */
const commands = [...section.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
);

/** The network that is trained fastest. */
const SMALL = { INKDIGIT_NETWORK: 'glance' };

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-docs-'));
  await writeDigitFolder(join(folder, 'my-digits'), 60);
  await writeDigitFolder(join(folder, 'others'), 100, 3);
  // In the place of a training on MNIST.
  const first = argumentsOf('npx inkdigit train --images others --out runs/mnist.onnx');
  const { code, stderr } = await runCli(first, { ...SMALL, INKDIGIT_EPOCHS: '2' });
  expect(code, stderr).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The words of a line, its files put into the folder. */
function argumentsOf(command: string): string[] {
  const [npx, inkdigit, ...words] = command.split(' ');
  expect([npx, inkdigit]).toEqual(['npx', 'inkdigit']);
  return words.map((word) => word.replace(/^(my-digits|others|runs\/)/, (name) => join(folder, name)));
}

describe('training on own digits, as docs/training.md has it', () => {
  it('shows every command', () => {
    expect(commands.map((command) => command.split(' ')[2])).toEqual(['train', 'classify', 'serve', 'train']);
  });

  it.each(commands.filter((command) => !command.includes(' serve ')))('%s', async (command) => {
    const short =
      command.includes('--epochs') || !command.includes(' train ') ? {} : { INKDIGIT_EPOCHS: '4' };
    const { code, stderr } = await runCli(argumentsOf(command), { ...SMALL, ...short });
    expect(code, stderr).toBe(0);
  });

  it.each(commands.filter((command) => command.includes(' serve ')))('%s', async (command) => {
    const run = startCli(argumentsOf(command), { INKDIGIT_PORT: '0', INKDIGIT_WORKERS: '1' });
    run.signalAfter('http://', 'SIGTERM');
    const { code, stderr } = await run.ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/model mine/);
  });
});
