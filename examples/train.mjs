// Trains a model on digits of one's own, from a program, and writes it with its card.
//   node examples/train.mjs FOLDER [model.onnx]     FOLDER has image files in FOLDER/0 to FOLDER/9
import { writeFile } from 'node:fs/promises';
import { trainDigits } from 'inkdigit/train';

const [folder, out = 'own.onnx'] = process.argv.slice(2);
const stop = new AbortController();
// The training ends after the step under way, and the best model so far is written.
process.once('SIGINT', () => stop.abort());

const { model, card } = await trainDigits(
  { folder },
  {
    network: 'small',
    epochs: 2,
    signal: stop.signal,
    onEpoch: ({ epoch, epochs, validation }) =>
      console.log(`epoch ${epoch}/${epochs}: validation ${(100 * validation.accuracy).toFixed(1)}%`),
  },
);
await writeFile(out, model);
await writeFile(out.replace(/\.onnx$/, '.json'), JSON.stringify(card, null, 2));
console.log(`${out}: ${model.length} bytes`);
