import { setTimeout as delay } from 'node:timers/promises';
import { drawDigit } from '../../src/drawing/draw-digit.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { randomStream } from '../../src/random-streams.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { buildServiceApp } from '../serving/service-app.js';
import { percentile, summarize } from '../measuring/statistics.js';
import { encodePng, largePhoto } from '../inputs/variants.js';

/** Time between two small requests: a process that is in use, and not yet busy. */
const SMALL_EVERY_MS = 5;

/** `npm run bench -- large-pictures` */
export const largePicturesBenchmark: Benchmark = {
  name: 'large-pictures',
  question: 'How long does a photo of 12 megapixels take, and do small requests wait meanwhile?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const rounds = quick ? 3 : 40;
  const service = await startService(model);
  try {
    const small = await encodePng(drawDigit(7));
    const photoFile = await largePhoto(drawDigit(3).data, randomStream('benchmarks'));
    const ask = (body: Uint8Array, type: string): Promise<number> => timeToAnswerMs(service.url, body, type);
    // The first requests load what later ones use again.
    for (let i = 0; i < 3; i++) await Promise.all([ask(small, 'image/png'), ask(photoFile, 'image/jpeg')]);
    const alone: number[] = [];
    for (let i = 0; i < rounds * 20; i++) {
      alone.push(await ask(small, 'image/png'));
      await delay(SMALL_EVERY_MS);
    }
    const large: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const photo = { isAnswered: false };
      const answered = ask(photoFile, 'image/jpeg').finally(() => (photo.isAnswered = true));
      while (!photo.isAnswered) {
        beside.push(await ask(small, 'image/png'));
        await delay(SMALL_EVERY_MS);
      }
      large.push(await answered);
    }
    return {
      method:
        'Milliseconds from the request to the answer, over HTTP, of one process of the service, asked by the ' +
        'same process: ' +
        `${rounds} photos of 4000 x 3000 pixels (${(photoFile.length / 1e6).toFixed(1)} MB of JPEG) one after ` +
        'the other, ' +
        `and small requests (one PNG of 28 x 28) one after the other, ${SMALL_EVERY_MS} ms between them.`,
      columns: ['request', 'requests', 'median, ms', 'p99, ms', 'longest, ms'],
      rows: [
        row('a photo of 12 megapixels', large),
        row('a small picture, alone', alone),
        row('a small picture, while a photo is read', beside),
      ],
      notes: [
        'What a small request waits for meanwhile is the photo and the client: both run on the same thread here.',
      ],
    };
  } finally {
    await service.close();
  }
}

function row(name: string, samples: readonly number[]): string[] {
  const { median, max } = summarize(samples);
  const nearlyAll = percentile(
    samples.toSorted((a, b) => a - b),
    0.99,
  );
  return [name, String(samples.length), median.toFixed(1), nearlyAll.toFixed(1), max.toFixed(1)];
}

async function timeToAnswerMs(url: string, body: Uint8Array, type: string): Promise<number> {
  const startedMs = performance.now();
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
  await response.json();
  if (!response.ok) throw new Error(`Expected an answer, got status ${response.status}.`);
  return performance.now() - startedMs;
}

/** One process of the service as it ships, but that its requests come from the same process and nothing is logged. */
async function startService(model: string): Promise<{ url: string; close: () => Promise<void> }> {
  const { app, close } = await buildServiceApp(model, 'silent');
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: `${address}/mnist/classify`, close };
}
