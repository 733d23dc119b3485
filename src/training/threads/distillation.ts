import { MODEL_INPUT, MODEL_OUTPUT } from '../../model/contract.js';
import { InferenceSession, type Tensor } from '../../model/runtime/onnx-runtime.js';
import { softmaxRows } from '../../model/softmax.js';
import type { DistillationSettings } from '../recipe.js';

/** Knowledge distillation (Hinton, Vinyals and Dean, 2015). */
export interface Distillation extends DistillationSettings {
  /** ONNX files that the classifier reads. */
  readonly models: readonly Uint8Array[];
}

/** The teachers of one thread. They see each image as the student does, augmented. */
export class Teachers {
  readonly #sessions: readonly InferenceSession[];
  readonly #distillation: Distillation;

  private constructor(sessions: readonly InferenceSession[], distillation: Distillation) {
    this.#sessions = sessions;
    this.#distillation = distillation;
  }

  static async open(distillation: Distillation): Promise<Teachers> {
    const sessions: InferenceSession[] = [];
    for (const model of distillation.models) {
      sessions.push(await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 }));
    }
    return new Teachers(sessions, distillation);
  }

  /**
   * Mixes the mean of the teachers' answers into the targets. An image counts for those teachers alone that have an
   * output for its label, and, with `onlyWhereRight`, that classify it as labelled; where there are none, its target
   * stays.
   * @param images `[M,1,28,28]`
   * @param labels `[M]`
   * @param targets `[M,outputs]`, each row adding up to 1, as it does afterwards
   */
  async teach(images: Tensor | undefined, labels: Uint8Array, targets: Float32Array): Promise<void> {
    if (!images) throw new Error('unreachable: a microbatch has images');
    const { share, temperature, onlyWhereRight = false } = this.#distillation;
    const answers: Answers[] = [];
    for (const session of this.#sessions) {
      const logits = (await session.run({ [MODEL_INPUT]: images }))[MODEL_OUTPUT]?.data;
      if (!(logits instanceof Float32Array)) throw new Error('unreachable: teachers are of the contract');
      answers.push({ logits, outputs: logits.length / labels.length });
    }
    const outputs = targets.length / labels.length;
    for (const [row, label] of labels.entries()) {
      const target = targets.subarray(row * outputs, (row + 1) * outputs);
      const knowing = answers.filter(
        (answer) => label < answer.outputs && (!onlyWhereRight || likeliest(answer, row) === label),
      );
      if (knowing.length === 0) continue;
      for (let i = 0; i < outputs; i++) target[i]! *= 1 - share;
      for (const { logits, outputs: width } of knowing) {
        const heard = logits.subarray(row * width, row * width + Math.min(width, outputs));
        mixIn(target, heard, share / knowing.length, temperature);
      }
    }
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) await session.release();
  }
}

/** A teacher's logits for a microbatch, `[M, outputs]`. */
interface Answers {
  readonly logits: Float32Array;
  readonly outputs: number;
}

/** The output with the highest logit, the first of equal ones. */
function likeliest({ logits, outputs }: Answers, row: number): number {
  const own = logits.subarray(row * outputs, (row + 1) * outputs);
  return own.reduce((best, logit, i) => (logit > (own[best] ?? -Infinity) ? i : best), 0);
}

/**
 * Adds `share` of softmax(logits / temperature) to the target of one image, `[outputs]`. Outputs that the teacher
 * lacks get nothing.
 */
export function mixIn(target: Float32Array, logits: Float32Array, share: number, temperature: number): void {
  const answer = softmaxRows(
    logits.map((logit) => logit / temperature),
    logits.length,
  );
  for (let i = 0; i < answer.length; i++) target[i]! += share * answer[i]!;
}
