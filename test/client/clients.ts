import { MnistClient } from '../../src/client/mnist-client.js';
import type { MnistClientOptions } from '../../src/client/options.js';
import { MnistClientError } from '../../src/client/client-error.js';

/** Images that the fake service reads as these digits. */
export function images(...values: number[]): Uint8Array[] {
  return values.map((value) => new Uint8Array([value]));
}

export function clientOf(server: string, options: MnistClientOptions = {}): MnistClient {
  return new MnistClient({ server, retryDelayMs: 1, ...options });
}

export async function errorOf(promise: Promise<unknown>): Promise<MnistClientError> {
  const thrown: unknown = await promise.then(
    () => new Error('expected an error'),
    (reason: unknown) => reason,
  );
  if (thrown instanceof MnistClientError) return thrown;
  throw thrown;
}
