import type { DeviceNetworks } from '../../src/browser/device-networks.js';
import { explain, occludedNetwork, type OccludedNetwork } from '../../src/browser/explain.js';
import { planeOfStoredPng } from '../../src/browser/stored-png.js';
import { FRAME_SIDE } from '../../src/image/frame.js';
import { VIEW_SIDE } from '../../src/image/view/sizes.js';
import { nextTurn } from '../../src/next-turn.js';
import type { PageExplanation } from './page-reader.js';

type Role = 'frames' | 'reader';

/** Which network was shown a picture of this side. */
const ROLE_OF_SIDE: ReadonlyMap<number, Role> = new Map([
  [FRAME_SIDE, 'frames'],
  [VIEW_SIDE, 'reader'],
]);

/** Explains answers, each of which has the picture that a network was shown. No network may run meanwhile. */
export class AnswerExplainer {
  readonly #networks: DeviceNetworks;
  /** Their memory stays. */
  readonly #occluded = new Map<Role, OccludedNetwork>();
  readonly #practised = new Set<Role>();

  constructor(networks: DeviceNetworks) {
    this.#networks = networks;
  }

  /**
   * @param frame what the network was shown, a URL of `storedPngUrl`
   * @param answer 0-9, or 10 for "no digit"
   * @returns null where no network that explains was shown it
   * @throws the reason of the signal
   */
  async explain(frame: string, answer: number, signal: AbortSignal): Promise<PageExplanation | null> {
    const shown = planeOfStoredPng(frame);
    const role = shown && ROLE_OF_SIDE.get(shown.width);
    if (!shown || !role) return null;
    const network = this.#occluded.get(role) ?? occludedNetwork(await this.#networks.networkOf(role));
    this.#occluded.set(role, network);
    const explanation = await explain(network, shown, answer, { signal });
    this.#practised.add(role);
    return explanation;
  }

  /**
   * Explains a first answer that no one asked about: browsers compile what has run some times, and the second
   * explanation takes a tenth of the first.
   */
  async practise(frame: string, answer: number, signal: AbortSignal): Promise<void> {
    const role = ROLE_OF_SIDE.get(planeOfStoredPng(frame)?.width ?? 0);
    if (!role || this.#practised.has(role)) return;
    await nextTurn(); // who asks meanwhile goes first
    signal.throwIfAborted();
    await this.explain(frame, answer, signal);
  }
}
