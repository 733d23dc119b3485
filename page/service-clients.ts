import { MnistClient, type ModelCard } from '../src/client/exports.js';

/** The service logs these together: there are dozens a second while someone draws. */
const fetchLive: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('x-inkdigit-live', '1');
  return fetch(input, { ...init, headers });
};

/** What asks the service. The live answer tries again by itself, with what is on the paper then. */
export function clientsWith(
  service: string,
  apiKey?: string,
): { readonly live: MnistClient; readonly table: MnistClient } {
  return {
    live: new MnistClient({ server: service, apiKey, retries: 0, timeoutMs: 15_000, fetch: fetchLive }),
    table: new MnistClient({ server: service, apiKey, concurrency: 1, retries: 1 }),
  };
}

/** The card of the model that lies beside a page without a service. */
export async function cardBeside(service: string): Promise<ModelCard> {
  const answer = await fetch(new URL('models/mnist.int8.json', service));
  const card: unknown = await answer.json();
  if (!isCard(card)) throw new Error('models/mnist.int8.json is no card of a model');
  return card;
}

function isCard(card: unknown): card is ModelCard {
  return typeof card === 'object' && card !== null && 'name' in card && typeof card.name === 'string';
}
