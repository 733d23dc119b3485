import { startLoadGenerator, type LoadGenerator } from '../load/load-generator.js';
import type { Load } from '../load/generator.js';
import type { LoadResult } from '../load/tally.js';
import { drawImages, FORMATS, requestBodies, type Format } from '../inputs/images.js';
import type { ServerProcess } from './server-process.js';
import { CLASSIFY_PATH, startService } from './service.js';

/** The service alone, and who sends it requests. */
export interface BenchService {
  readonly server: ServerProcess;
  /** @throws Error unless every request got an answer with status 200 */
  readonly run: (format: Format, imagesInRequest: number, load: Load) => Promise<LoadResult>;
  readonly close: () => Promise<void>;
}

/** @param maxQueue images that each process takes in, where more are to be sent at once than it would by default */
export async function startBenchService(
  model: string,
  sizes: readonly number[],
  maxQueue?: number,
): Promise<BenchService> {
  const generator = await startLoadGenerator();
  try {
    for (const format of FORMATS) {
      const images = await drawImages(format, model);
      for (const size of sizes) await generator.keep(bodiesName(format, size), requestBodies(images, size));
    }
    const server = await startService(model, maxQueue);
    return {
      server,
      run: (format, size, load) => runLoad(generator, server, CLASSIFY_PATH, format, size, load),
      async close() {
        await server.stop();
        await generator.close();
      },
    };
  } catch (error) {
    await generator.close();
    throw error;
  }
}

export function bodiesName(format: Format, imagesInRequest: number): string {
  return `${format} ${imagesInRequest}`;
}

/** @throws Error unless every request got an answer with status 200, and a right one where answers are checked */
export async function runLoad(
  generator: LoadGenerator,
  { port }: ServerProcess,
  path: string,
  format: Format,
  imagesInRequest: number,
  load: Load,
): Promise<LoadResult> {
  const result = await generator.run(bodiesName(format, imagesInRequest), { port, path }, load);
  const { statuses, answered, lost, wrong, unsent } = result;
  const others = Object.keys(statuses).filter((status) => status !== '200');
  if (answered > 0 && others.length === 0 && lost === 0 && wrong === 0) return result;
  throw new Error(
    `Expected right answers with status 200 alone, got ${JSON.stringify(statuses)}, ` +
      `${wrong} of them wrong, ${lost} requests lost, ${unsent} unsent.`,
  );
}
