// Reads digits in this process, with the model that the package ships.
//   node examples/library.mjs [image files …]
import { readFile } from 'node:fs/promises';
import { InkdigitError, openDigitReader } from 'inkdigit';

const files = process.argv.length > 2 ? process.argv.slice(2) : ['examples/digits/3-photo.jpg'];
const reader = await openDigitReader();
const readings = await reader.read(await Promise.all(files.map((file) => readFile(file))));
for (const [i, reading] of readings.entries()) {
  const answer =
    reading instanceof InkdigitError
      ? reading.message
      : `${reading.class} (${(100 * reading.probability).toFixed(1)} %)`;
  console.log(`${files[i]}: ${answer}`);
}
await reader.close();
