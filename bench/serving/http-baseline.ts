import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { CLASSIFY_SCHEMA } from '../../src/server/classify/classify-route.js';
import { buildServiceApp } from './service-app.js';
import { freePort, startServer, type ServerProcess } from './server-process.js';

// Both the program of the HTTP baseline, whose primary and workers run this file, and what starts it.

const READY = 'HTTP baseline is ready';

/** The path for requests of this many images. */
export function httpBaselinePath(images: number): string {
  return `/baseline/${images}`;
}

/**
 * Starts the HTTP baseline: the service's own app, with its hooks, its limits, its log and its parser of JSON, and one
 * more route, which checks the body by the same schema and answers a constant through the same serializer.
 */
export async function startHttpBaseline(
  workers: number,
  imagesInRequest: readonly number[],
): Promise<ServerProcess> {
  const port = await freePort();
  const args = [
    '--import',
    'tsx',
    fileURLToPath(import.meta.url),
    String(port),
    String(workers),
    ...imagesInRequest,
  ];
  return startServer({ file: process.execPath, args: args.map(String) }, port, new RegExp(READY));
}

async function runWorker(port: number, imagesInRequest: readonly number[]): Promise<void> {
  const { app } = await buildServiceApp(shippedModelPath(), 'info');
  for (const images of imagesInRequest) {
    const responses = Array.from({ length: images }, () => ({ class: 7, probability: 0.9987654 }));
    app.post(httpBaselinePath(images), { schema: CLASSIFY_SCHEMA, attachValidation: true }, async () => ({
      responses,
    }));
  }
  await app.listen({ host: '127.0.0.1', port });
  process.send?.('listening');
}

function runPrimary(workers: number): void {
  let waiting = workers;
  for (let i = 0; i < workers; i++) {
    cluster.fork().on('message', () => {
      waiting -= 1;
      if (waiting === 0) process.stderr.write(`${READY}\n`);
    });
  }
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL');
    process.exit(0);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [port = NaN, workers = NaN, ...imagesInRequest] = process.argv.slice(2).map(Number);
  if (cluster.isPrimary) runPrimary(workers);
  else await runWorker(port, imagesInRequest);
}
