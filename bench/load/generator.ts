import { runClosedLoop, type ClosedLoop } from './closed-loop.js';
import { runOpenLoop, type OpenLoop } from './open-loop.js';
import { prepareRequests, type RequestBody, type Target } from './requests.js';
import type { LoadResult } from './tally.js';

// The program of the process that makes requests; `load-generator.ts` starts it. A process of its own, so that what
// it takes of the processor is not counted as the service's, nor delays what measures.

/** What the generator is told: bodies to keep under a name, or a load to make of them. */
export type Order =
  | { readonly kind: 'keep'; readonly name: string; readonly bodies: readonly RequestBody[] }
  | { readonly kind: 'run'; readonly name: string; readonly target: Target; readonly load: Load };

export type Load = ClosedLoop | OpenLoop;

/** What it answers to each order. */
export type Outcome =
  | { readonly kind: 'kept' }
  | { readonly kind: 'result'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly message: string };

const kept = new Map<string, readonly RequestBody[]>();

async function carryOut(order: Order): Promise<Outcome> {
  if (order.kind === 'keep') {
    kept.set(order.name, order.bodies);
    return { kind: 'kept' };
  }
  const requests = prepareRequests(kept.get(order.name) ?? [], order.target);
  const { load, target } = order;
  const result =
    load.kind === 'closed'
      ? await runClosedLoop(target.port, requests, load)
      : await runOpenLoop(target.port, requests, load);
  return { kind: 'result', result };
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => process.send?.({ kind: 'failed', message: String(error) } satisfies Outcome),
  );
});
process.on('disconnect', () => process.exit(0));
