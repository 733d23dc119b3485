// Asks a server that runs (npm start) for the digits in image files.
//   node examples/client.mjs [server] [image files …]
import { readFile } from 'node:fs/promises';
import { MnistClient } from 'inkdigit/client';

const [server = 'http://127.0.0.1:8000/', ...files] = process.argv.slice(2);
const images = files.length > 0 ? files : ['examples/digits/7.png', 'examples/digits/3-photo.jpg'];
const client = new MnistClient({ server });
const answers = await client.classify(await Promise.all(images.map((file) => readFile(file))));
for (const [i, answer] of answers.entries()) {
  console.log(`${images[i]}: ${answer.class} (${(100 * answer.probability).toFixed(1)} %)`);
}
