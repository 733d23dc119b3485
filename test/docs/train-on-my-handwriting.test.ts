import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDigitFolder } from '../helpers/data/digit-folder.js';
import { runCli, startCli } from '../helpers/programs/run-cli.js';
import { commandsOf, readPage } from './pages.js';

/** The commands of the tutorial, in order. */
const commands = commandsOf(readPage('docs/tutorials/train-on-my-handwriting.md'));

/** The network that is trained fastest. */
const SMALL = { INKDIGIT_NETWORK: 'small' };

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

describe('the tutorial on own handwriting', () => {
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
