/**
 * Draws the sample numbers of `examples/numbers/`: npx tsx scripts/pictures/draw-numbers.ts
 * The same files come out each time.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodePng } from '../../test/helpers/data/digits.js';
import { numberPicture } from '../../test/helpers/data/number-pictures.js';
import { COMB, formComb } from '../../test/e2e/written-pictures.js';

const FOLDER = fileURLToPath(new URL('../../examples/numbers/', import.meta.url));

mkdirSync(FOLDER, { recursive: true });
const samples = [
  ['0472.png', '0472', await encodePng(numberPicture('0472'))],
  ['lines.png', '35\n81', await encodePng(numberPicture('35\n81'))],
  ['form.png', COMB, await formComb()],
] as const;
for (const [name, , bytes] of samples) writeFileSync(FOLDER + name, bytes);
const rows = samples.map(([name, number]) => `${name},${number.includes('\n') ? `"${number}"` : number}\n`);
writeFileSync(`${FOLDER}numbers.csv`, `file,number\n${rows.join('')}`);
