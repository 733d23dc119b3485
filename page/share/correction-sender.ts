import { toBase64 } from '../../src/client/base64.js';
import { labelName, type Correction } from './corrections.js';

const PATH = 'mnist/corrections';

/** Sends corrections to a service that was started to collect them; it says so among its routes. */
export class CorrectionSender {
  readonly #service: string;
  readonly #apiKey: () => string | undefined;
  #isCollecting: Promise<boolean> | undefined;

  /** @param service its address, with a slash at its end */
  constructor(service: string, apiKey: () => string | undefined) {
    this.#service = service;
    this.#apiKey = apiKey;
  }

  /** Whether the service collects corrections. */
  isCollecting(): Promise<boolean> {
    this.#isCollecting ??= this.#ask().catch(() => false);
    return this.#isCollecting;
  }

  /** @returns whether the service took it; `null` where it does not collect */
  async send({ bytes, label }: Correction): Promise<boolean | null> {
    if (!(await this.isCollecting())) return null;
    const apiKey = this.#apiKey();
    const headers = { 'content-type': 'application/json', ...(apiKey && { 'x-api-key': apiKey }) };
    const body = JSON.stringify({ image: toBase64(bytes), label: labelName(label) });
    const answer = await fetch(new URL(PATH, this.#service), { method: 'POST', headers, body }).catch(
      () => null,
    );
    return answer?.ok ?? false;
  }

  async #ask(): Promise<boolean> {
    const answer = await fetch(this.#service, { headers: { accept: 'application/json' } });
    const service: unknown = await answer.json();
    const routes: unknown =
      typeof service === 'object' && service && 'routes' in service ? service.routes : [];
    return Array.isArray(routes) && routes.includes(`POST /${PATH}`);
  }
}
