import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { evaluateNumbers } from '../../../src/cli/evaluate/evaluate-numbers.js';
import { shippedModelPath } from '../../../src/model/model-paths.js';
import { encodePng } from '../../helpers/data/digits.js';
import { numberPicture } from '../../helpers/data/number-pictures.js';
import { testIo } from '../test-io.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkdigit-numbers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const text of ['0472', '38']) {
    await writeFile(join(folder, `${text}.png`), await encodePng(numberPicture(text)));
  }
});

const bar = { update: () => {}, log: () => {}, finish: () => {} };

async function evaluate(options: {
  truth?: string;
  html?: string;
  force?: boolean;
  json?: boolean;
}): Promise<string> {
  const io = testIo();
  await evaluateNumbers({ model: shippedModelPath(), folder, ...options }, io, bar);
  return io.out();
}

describe('inkdigit evaluate --numbers', () => {
  it('takes the numbers from a CSV file, and shows on a page what was read wrongly', async () => {
    const [truth, html] = [join(folder, 'truth.csv'), join(folder, 'report.html')];
    await writeFile(truth, 'file,number\n0472.png,0471\n');
    const said = await evaluate({ truth, html });
    expect(said).toContain('numbers right     0 of 1');
    expect(said).toContain('left out          1 images');
    expect(said).toContain('0471 read as 0472');
    const page = await readFile(html, 'utf8');
    expect(page).toContain('aria-label="0471 read as 0472"');
    expect(page.match(/<rect class="box"/g)).toHaveLength(4);
    await expect(evaluate({ truth, html })).rejects.toThrow('--force');
    const json = JSON.parse(await evaluate({ truth, html, force: true, json: true }));
    expect(json).toMatchObject({ count: 1, without: 1, misread: [{ truth: '0471', text: '0472' }] });
  });

  it('says what is missing where there is no truth', async () => {
    await expect(evaluate({})).rejects.toThrow(/carry their number.*--truth/);
    await expect(evaluate({ truth: join(folder, 'none.csv') })).rejects.toThrow(/Cannot read .*none\.csv/);
    await writeFile(join(folder, 'empty.csv'), 'file,number\n');
    await expect(evaluate({ truth: join(folder, 'empty.csv') })).rejects.toThrow(/found none/);
  });
});
