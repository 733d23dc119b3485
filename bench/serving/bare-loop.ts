import type { ImageContent } from '../../src/image/picture.js';
import type * as ReadImage from '../../src/image/read-image.js';
import type * as DigitModels from '../../src/model/digit-models.js';
import { importBuilt } from '../measuring/built.js';

// The program of one process of the upper bound; `upper-bound.ts` starts it, with the model's path as its argument.

/** Images of one inference. */
const BATCH = 64;

/** What it is told: files to keep under a name, or to read them over and over. */
export type LoopOrder =
  | { readonly kind: 'keep'; readonly name: string; readonly files: readonly Uint8Array[] }
  | { readonly kind: 'run'; readonly name: string; readonly ms: number };

/** What it did. */
export interface LoopResult {
  readonly images: number;
  readonly ms: number;
  /** Processor time. */
  readonly microseconds: number;
}

async function serveOrders(modelPath: string): Promise<void> {
  const { readImageSyncIfSmall } = await importBuilt<typeof ReadImage>('image/read-image.js');
  const { openDigitModels, readContents } = await importBuilt<typeof DigitModels>('model/digit-models.js');
  const models = await openDigitModels(modelPath);
  const kept = new Map<string, readonly Uint8Array[]>();

  const run = async (files: readonly Uint8Array[], ms: number): Promise<LoopResult> => {
    const startedMs = performance.now();
    const usedBefore = process.cpuUsage();
    let images = 0;
    while (performance.now() - startedMs < ms) {
      const contents: ImageContent[] = [];
      for (let i = 0; i < BATCH; i++, images++) {
        contents.push(await readImageSyncIfSmall(files[images % files.length] ?? new Uint8Array()));
      }
      await readContents(models, contents);
    }
    const { user, system } = process.cpuUsage(usedBefore);
    return { images, ms: performance.now() - startedMs, microseconds: user + system };
  };
  process.on('message', (order: LoopOrder) => {
    if (order.kind === 'run') {
      void run(kept.get(order.name) ?? [], order.ms).then((result) => process.send?.(result));
      return;
    }
    kept.set(order.name, order.files);
    process.send?.({ images: 0, ms: 0, microseconds: 0 } satisfies LoopResult);
  });
}

process.on('disconnect', () => process.exit(0));
await serveOrders(process.argv[2] ?? '');
