import { InkdigitError } from '../errors.js';
import { MODEL_INPUT, MODEL_OUTPUT } from '../model/contract.js';
import { readOnnxFile, type OnnxFile, type OnnxNode, type StoredTensor } from './onnx-file.js';
import type { Operation } from './operation.js';
import { OPERATORS } from './operators.js';
import { sizeOf, type Presence, type Slot, type Step } from './slot.js';
import type { Surroundings } from './surroundings.js';

/** How a file's shapes say that a size is not fixed. */
const ANY = 0;

/** A network that is ready to run, an image at a time. */
export interface Plan {
  /** `[1,1,side,width]` */
  readonly inputShape: readonly number[];
  /** Whether the file takes pictures of other widths, too. */
  readonly takesWidths: boolean;
  readonly outputs: number;
  /** What the file says of itself. */
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * @param image `[side,width]` in 0..1
   * @returns logits `[outputs]`, in memory that the next run uses again
   */
  run(image: Float32Array): Float32Array | Float64Array;
  readonly input: Slot;
  readonly output: Slot;
  /** In the order in which they are run. */
  readonly operations: readonly Operation[];
  /** What convolutions gave for the image that was run last, in their order; those that did not run are left out. */
  layers(): readonly LayerMaps[];
}

/** The maps that a convolution gives, in memory that the next run uses again. */
export interface LayerMaps {
  readonly channels: number;
  readonly side: number;
  /** Of all maps; `channelStep` lies between two maps, `placeStep` between two places of one. */
  readonly values: Slot['data'];
  readonly channelStep: number;
  readonly placeStep: number;
}

/**
 * Gets a network ready: memory for all values, weights laid out for the loops.
 * @param bytes of an ONNX file as `inkdigit quantize` writes them
 * @param width of pictures, where the file takes any; as high as they are if unsaid
 * @throws InkdigitError `invalid_model` where it is none, or has an operator that is not known here
 */
export function planOf(bytes: Uint8Array, source: string, width?: number): Plan {
  const file = readOnnxFile(bytes, source);
  const inputShape = file.inputs.get(MODEL_INPUT);
  const outputShape = file.outputs.get(MODEL_OUTPUT);
  if (inputShape?.length !== 4 || outputShape?.length !== 2) {
    throw unknown(
      source,
      `it has no input ${MODEL_INPUT} [N,1,side,side] and output ${MODEL_OUTPUT} [N,outputs]`,
    );
  }
  const always: Presence = { isThere: true };
  const [, channels = 0, height = 0, ownWidth = 0] = inputShape;
  const takesWidths = ownWidth === ANY;
  const shape = [1, channels, height, takesWidths ? (width ?? height) : ownWidth];
  const input: Slot = {
    shape,
    data: new Float32Array(sizeOf(shape)),
    // With one channel there is no difference.
    isChannelsLast: true,
    presence: always,
  };
  const slots = new Map<string, Slot>([[MODEL_INPUT, input]]);
  const convolved: Slot[] = [];
  const operations = file.nodes.map((node) => {
    const operation = operationOf(node, file, slots, source);
    const given = CONVOLUTIONS.has(node.operator) && slots.get(node.outputs[0] ?? '');
    if (given) convolved.push(given);
    return operation;
  });
  const steps = operations.flatMap(stepOf);
  const output = slots.get(MODEL_OUTPUT);
  const outputs = output ? sizeOf(output.shape) : 0;
  if (!output || (outputs !== outputShape[1] && outputShape[1] !== ANY)) {
    throw unknown(source, `nothing in it gives the output ${MODEL_OUTPUT}`);
  }
  return {
    inputShape: shape,
    takesWidths,
    outputs,
    input,
    output,
    operations,
    metadata: file.metadata,
    run(image) {
      input.data.set(image);
      for (const step of steps) step();
      return output.data;
    },
    layers: () => convolved.filter(({ presence }) => presence.isThere).map(mapsOf),
  };
}

const CONVOLUTIONS: ReadonlySet<string> = new Set(['Conv', 'QLinearConv']);

/** A picture lies channels last, whether its shape says `[1,C,H,W]` or `[1,H,W,C]`, or channels first. */
function mapsOf({ shape, data, isChannelsLast }: Slot): LayerMaps {
  const [, first = 0, second = 0, third = 0] = shape;
  const isLast = isChannelsLast || (first === second && second !== third);
  const channels = isChannelsLast || !isLast ? first : third;
  const side = isChannelsLast || !isLast ? third : first;
  const [channelStep, placeStep] = isLast ? [1, channels] : [side * side, 1];
  return { channels, side, values: data, channelStep, placeStep };
}

function operationOf(node: OnnxNode, file: OnnxFile, slots: Map<string, Slot>, source: string): Operation {
  const refuse = (why: string): InkdigitError => unknown(source, `its operator ${node.operator} ${why}`);
  const operator = OPERATORS.get(node.operator);
  if (!operator) throw refuse('is not known here');
  const surroundings: Surroundings = {
    attributes: node.attributes,
    refuse,
    slot(place) {
      const found = slots.get(node.inputs[place] ?? '');
      if (!found) throw refuse(`reads ${node.inputs[place]}, which nothing before it gives`);
      return found;
    },
    constant(place): StoredTensor {
      const found = file.constants.get(node.inputs[place] ?? '');
      if (!found) throw refuse(`has no constant for its input ${place}`);
      return found;
    },
  };
  const operation = operator(surroundings);
  const [name] = node.outputs;
  if (name !== undefined) slots.set(name, operation.output);
  return operation;
}

/** What runs an operator, if anything has to. */
function stepOf({ output: { presence }, step, isAlwaysRun = false }: Operation): readonly Step[] {
  if (!step || isAlwaysRun) return step ? [step] : [];
  return [
    () => {
      if (presence.isThere) step();
    },
  ];
}

function unknown(source: string, why: string): InkdigitError {
  return new InkdigitError(
    'invalid_model',
    `${source} cannot be run without ONNX Runtime: ${why}. Expected an int8 model as inkdigit quantize writes it.`,
  );
}
