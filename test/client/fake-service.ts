import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClassifyRequest } from '../../src/api/schemas.js';
import { startServer, type LocalServer } from '../data/download/local-server.js';

/** A service whose images are single bytes: 0-9 is the digit it shows, anything else is a bad image. */
export interface FakeService extends LocalServer {
  /** Images of each classify request, in the order in which they came. */
  readonly batches: number[][];
}

export interface FakeServiceSettings {
  readonly maxBatch?: number;
  /** Answers a classify request in place of the service; `false` leaves it to the service. */
  readonly intercept?: (response: ServerResponse, request: number) => boolean;
}

export async function startFakeService(settings: FakeServiceSettings = {}): Promise<FakeService> {
  const { maxBatch = 64, intercept = () => false } = settings;
  const batches: number[][] = [];
  const classify = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const images = await readImages(request);
    batches.push(images);
    if (intercept(response, batches.length)) return;
    const bad = images.flatMap((value, index) =>
      value > 9 ? [{ index, message: `${value} is no digit` }] : [],
    );
    const isPartial = request.url?.includes('partial=true');
    if (images.length > maxBatch) answer(response, 413, 'too_many_images', `at most ${maxBatch} images`);
    else if (bad.length > 0 && !isPartial) answer(response, 400, 'not_an_image', 'bad images', bad);
    else sendJson(response, 200, { responses: images.map((digit) => responseTo(digit, request.url)) });
  };
  const server = await startServer((request, response) => {
    if (request.url?.startsWith('/mnist/classify')) void classify(request, response);
    else if (request.url === '/model')
      sendJson(response, 200, { name: 'fake', file: { bytes: 1, sha256: 'abc' } });
    else answer(response, 404, 'route_not_found', 'no such route');
  });
  return { ...server, batches };
}

function responseTo(value: number, url: string | undefined): object {
  if (value > 9) return { error: { code: 'not_an_image', message: `${value} is no digit` } };
  return classification(value, url);
}

function classification(digit: number, url: string | undefined): object {
  const short = { class: digit, probability: 0.75 };
  if (!url?.includes('detail=full')) return short;
  return {
    ...short,
    probabilities: Array.from({ length: 10 }, (_, i) => (i === digit ? 0.75 : 0.25 / 9)),
    // A 0 is a blank there.
    digit: digit > 0,
    threshold: 0.4,
    frame: 'data:image/png;base64,',
    // An even digit is a frame there.
    ...(digit % 2 === 1 && { box: [1, 2, 3, 4] }),
  };
}

export function answer(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  errors: readonly { index: number; message: string }[] = [],
): void {
  sendJson(response, status, { message, code, errors });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readImages(request: IncomingMessage): Promise<number[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const { requests }: ClassifyRequest = JSON.parse(Buffer.concat(chunks).toString());
  return requests.map(({ image }) => Buffer.from(image, 'base64')[0] ?? -1);
}
