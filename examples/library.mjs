// Reads digits in this process, with the model that the package ships.
//   node examples/library.mjs [image files …]
import { readFile } from 'node:fs/promises';
import { openDigitReader } from 'inkdigit';

const files = process.argv.length > 2 ? process.argv.slice(2) : ['examples/digits/3-photo.jpg'];
const reader = await openDigitReader();
const results = await reader.readAll(await Promise.all(files.map((file) => readFile(file))));
for (const [i, result] of results.entries()) {
  const answer = result.ok
    ? `${result.class} (${(100 * result.probability).toFixed(1)} %)`
    : result.error.message;
  console.log(`${files[i]}: ${answer}`);
}
await reader.close();
