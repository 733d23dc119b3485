import { pick, wholeBetween, type Random } from '../src/random.js';
import { mutate } from './bytes.js';
import { someImage, type Corpus } from './images.js';
import { CLASSIFY, JSON_TYPE, jsonOf, list, post, READ, type Part } from './messages.js';

// Requests that are right but for their images, in each form that images may come in.

/** Good images, in JSON. */
export function goodRequest(random: Random, { good }: Corpus): Part {
  const images = list(random, 4, () => pick(random, good));
  const path = `${CLASSIFY}${pick(random, ['', '?detail=full', '?normalize=never', '?normalize=always&detail=full'])}`;
  return { ...post(JSON_TYPE, jsonOf(images), images.length, path), isGood: true };
}

/** Whatever images, in JSON. */
export function imagesInJson(random: Random, corpus: Corpus): Part {
  const images = list(random, 3, () => someImage(corpus, random));
  return post(
    JSON_TYPE,
    jsonOf(images),
    images.length,
    random() < 0.2 ? `${CLASSIFY}?detail=full` : CLASSIFY,
  );
}

/** Whatever image, as the body. */
export function imageAlone(random: Random, corpus: Corpus): Part {
  return post(
    pick(random, ['image/png', 'image/jpeg', 'image/*', 'IMAGE/x; a=b']),
    someImage(corpus, random),
    1,
  );
}

/** An image that is far larger than its bytes. */
export function bomb(random: Random, { bombs }: Corpus): Part {
  const image = pick(random, bombs);
  const path = random() < 0.2 ? READ : CLASSIFY;
  return random() < 0.5 ? post('image/png', image, 1, path) : post(JSON_TYPE, jsonOf([image]), 1, path);
}

const BOUNDARY = 'boundary';

function formBody(random: Random, corpus: Corpus): { body: Buffer; files: number } {
  let files = 0;
  const parts = list(random, 4, (i) => {
    const isFile = random() < 0.8;
    if (isFile) files += 1;
    const name = isFile ? `name="f${i}"; filename="${i}.png"\r\ncontent-type: image/png` : `name="f${i}"`;
    const content = random() < 0.5 ? pick(random, corpus.good) : someImage(corpus, random);
    return Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; ${name}\r\n\r\n`),
      isFile ? content : Buffer.from('text'),
      Buffer.from('\r\n'),
    ]);
  });
  return { body: Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]), files };
}

/** Whatever images, in a form. */
export function form(random: Random, corpus: Corpus): Part {
  const { body, files } = formBody(random, corpus);
  // A picture may hold the boundary only by a miracle.
  return post(`multipart/form-data; boundary=${BOUNDARY}`, body, files === 0 ? null : files);
}

/** A form that is none any more, or far too long. */
export function mutatedForm(random: Random, corpus: Corpus): Part {
  const { body } = formBody(random, corpus);
  const type = pick(random, [
    `multipart/form-data; boundary=${BOUNDARY}`,
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary="${'b'.repeat(300)}"`,
    `multipart/mixed; boundary=${BOUNDARY}`,
  ]);
  const flood = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="a"\r\n\r\nx\r\n`.repeat(
    wholeBetween(random, 90, 300),
  );
  return post(type, random() < 0.1 ? flood : mutate(body, random));
}
