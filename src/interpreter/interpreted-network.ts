import { InkdigitError } from '../errors.js';
import type { NetworkContract, PixelNetwork } from '../model/contract.js';
import { nextTurn } from '../next-turn.js';
import { planOf, type Plan } from './plan.js';

/** So long a run goes on before others have their turn, in milliseconds: less than a picture of the screen takes. */
const TURN_MS = 8;

/** Of as many widths plans are kept. */
const MOST_PLANS = 4;

/** A network that runs without ONNX Runtime, and what its file says of itself. */
export interface InterpretedNetwork extends PixelNetwork {
  readonly metadata: ReadonlyMap<string, string>;
  /** How it is run, for those who ask what else is known of a run. */
  readonly plan: Plan;
}

/**
 * Opens an ONNX file of 8 bits. Images are run one after the other, and between them others have their turn.
 * @param nowMs tells how long a run has gone on
 * @throws InkdigitError `invalid_model` when the bytes are no such model, or one of another contract
 */
export function openInterpretedNetwork(
  bytes: Uint8Array,
  { side, outputs: expected, takesWidths: mayTakeWidths = false }: NetworkContract,
  source: string,
  nowMs: () => number = () => performance.now(),
): InterpretedNetwork {
  const plan = planOf(bytes, source);
  const { outputs, metadata } = plan;
  const takesWidths = mayTakeWidths && plan.takesWidths;
  if (
    plan.inputShape.join() !== `1,1,${side},${side}` ||
    !expected.includes(outputs) ||
    plan.takesWidths !== takesWidths
  ) {
    throw new InkdigitError(
      'invalid_model',
      `${source} is a model of another kind: expected pictures [1,${side},${side}] and ` +
        `${expected.join(' or ')} outputs; it has pictures [${plan.inputShape.slice(1).join(',')}] and ` +
        `${outputs} outputs.`,
    );
  }
  const plans = new Map([[side, plan]]);
  /** The plan for a width; few are kept, as each has memory of its own. */
  const planFor = (width: number): Plan => {
    const known = plans.get(width) ?? planOf(bytes, source, width);
    plans.delete(width);
    plans.set(width, known);
    for (const [oldest] of plans) {
      if (plans.size <= MOST_PLANS) break;
      plans.delete(oldest);
    }
    return known;
  };
  return {
    outputs,
    takesWidths,
    metadata,
    async run(count, fill, width = side) {
      const planned = planFor(width);
      const pixels = side * width;
      const input = new Float32Array(count * pixels);
      fill(input);
      const logits = new Float32Array(count * planned.outputs);
      let turnEndsMs = nowMs() + TURN_MS;
      for (let i = 0; i < count; i++) {
        if (i > 0 && nowMs() > turnEndsMs) {
          await nextTurn();
          turnEndsMs = nowMs() + TURN_MS;
        }
        logits.set(planned.run(input.subarray(i * pixels, (i + 1) * pixels)), i * planned.outputs);
      }
      return logits;
    },
    plan,
    close: () => Promise.resolve(),
  };
}
