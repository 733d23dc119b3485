import { describe, expect, it } from 'vitest';
import { MnistClient } from '../../src/client/mnist-client.js';

const answer = (text: string): object => ({
  text,
  probability: 0.9,
  accepted: true,
  digits: Array.from(text, (digit) => ({ class: Number(digit), probability: 0.9, box: [1, 2, 3, 4] })),
  lines: [{ text, probability: 0.9, box: [1, 2, 3, 4], digits: [0, text.length] }],
  unread: [],
});

/** Answers with the number that the base64 of each image stands for, and keeps the addresses. */
function fakeFetch(change: (answer: object) => object = (same) => same): {
  fetch: typeof fetch;
  urls: URL[];
} {
  const urls: URL[] = [];
  const fake: typeof fetch = async (input, init) => {
    urls.push(new URL(input instanceof Request ? input.url : input));
    const { requests }: { requests: { image: string }[] } = JSON.parse(
      typeof init?.body === 'string' ? init.body : '',
    );
    const responses = requests.map(({ image }) => change(answer(image)));
    return Response.json({ responses });
  };
  return { fetch: fake, urls };
}

describe('MnistClient.read', () => {
  it('asks for numbers in as many requests as needed, and keeps their order', async () => {
    const { fetch, urls } = fakeFetch();
    const client = new MnistClient({ server: 'http://localhost:1/', fetch, maxBatch: 2 });
    const numbers = await client.read(['0472', '38', '57']);
    expect(numbers.map(({ text }) => text)).toEqual(['0472', '38', '57']);
    expect(urls.map(({ pathname }) => pathname)).toEqual(['/mnist/read', '/mnist/read']);
  });

  it('hands on what is known of them', async () => {
    const { fetch, urls } = fakeFetch();
    const client = new MnistClient({ server: 'http://localhost:1/', fetch });
    await client.read(['1'], { length: 4, pattern: 'dd.dd', reject: 0.99, max: undefined, detail: 'full' });
    expect(Object.fromEntries(urls[0]?.searchParams ?? [])).toEqual({
      length: '4',
      pattern: 'dd.dd',
      reject: '0.99',
      detail: 'full',
    });
  });

  it('refuses answers of another form', async () => {
    const { fetch } = fakeFetch((number) => ({ ...number, digits: [{ class: 'x' }] }));
    const client = new MnistClient({ server: 'http://localhost:1/', fetch });
    await expect(client.read(['1'])).rejects.toMatchObject({ code: 'invalid_answer' });
  });
});
