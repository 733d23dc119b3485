import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { CLASS_COUNT, MODEL_INPUT, MODEL_OUTPUT } from '../model/contract.js';
import { softmaxRows } from '../model/softmax.js';

/** Learning from other models' answers (Hinton, Vinyals and Dean, 2015: distillation). */
export interface Teaching {
  /** ONNX files of this project's contract. */
  readonly models: readonly Uint8Array[];
  /** How much of a target is the teachers' answer; the rest is the label's. */
  readonly share: number;
  /** What the teachers' logits are divided by: above 1, their second thoughts count for more. */
  readonly temperature: number;
}

/** The teachers of one thread. They see each image as the student does, bent and spoilt. */
export class Teachers {
  readonly #sessions: readonly InferenceSession[];
  readonly #teaching: Teaching;

  private constructor(sessions: readonly InferenceSession[], teaching: Teaching) {
    this.#sessions = sessions;
    this.#teaching = teaching;
  }

  static async open(teaching: Teaching): Promise<Teachers> {
    const sessions: InferenceSession[] = [];
    for (const model of teaching.models) {
      sessions.push(await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 }));
    }
    return new Teachers(sessions, teaching);
  }

  /**
   * Mixes the mean of the teachers' answers into the targets.
   * @param images `[M,1,28,28]`
   * @param targets `[M,10]`, each row adding up to 1, as it does afterwards
   */
  async teach(images: Tensor | undefined, targets: Float32Array): Promise<void> {
    if (!images) throw new Error('unreachable: a microbatch has images');
    const { share, temperature } = this.#teaching;
    for (let i = 0; i < targets.length; i++) targets[i]! *= 1 - share;
    for (const session of this.#sessions) {
      const logits = (await session.run({ [MODEL_INPUT]: images }))[MODEL_OUTPUT]?.data;
      if (!(logits instanceof Float32Array)) throw new Error('unreachable: teachers are of the contract');
      mixIn(targets, logits, share / this.#sessions.length, temperature);
    }
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) await session.release();
  }
}

/** Adds `share` of softmax(logits / temperature) to the targets, both `[M,10]`. */
export function mixIn(targets: Float32Array, logits: Float32Array, share: number, temperature: number): void {
  const answers = softmaxRows(
    logits.map((logit) => logit / temperature),
    CLASS_COUNT,
  );
  for (let i = 0; i < targets.length; i++) targets[i]! += share * answers[i]!;
}
