import { InkdigitError } from '../errors.js';
import {
  elementTypeOf,
  encodeModel,
  type Attribute,
  type Dim,
  type ElementType,
  type NodeData,
  type TensorData,
  type TensorValues,
  type ValueInfo,
} from './proto.js';

export type Shape = readonly Dim[];

/** A tensor of a graph under construction: its shape is known as soon as it is made. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

/** Version of the standard operators that the graphs use. */
export const OPSET = 17;

/**
 * Operators of ONNX Runtime's own, public ones and, over pictures in blocks of channels, internal ones
 * (`blocked-ops.ts`).
 */
export const MICROSOFT_DOMAIN = 'com.microsoft';
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/** Domain -> version of its operators. */
const OPSETS: Readonly<Record<string, number>> = { '': OPSET, [MICROSOFT_DOMAIN]: 1, [BLOCKED_DOMAIN]: 1 };

/** `[32,16,14,14]` */
export function showShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/** An error that names the operator and the shapes that do not fit. */
export function shapeError(operator: string, expected: string, ...shapes: readonly Shape[]): InkdigitError {
  return new InkdigitError(
    'invalid_graph',
    `${operator}: expected ${expected}, got ${shapes.map(showShape).join(' and ')}.`,
  );
}

/** Every size as a number; an operator that needs them known calls this. */
export function knownShape(operator: string, shape: Shape): number[] {
  return shape.map((dim) => {
    if (typeof dim === 'string') throw shapeError(operator, `sizes known beforehand`, shape);
    return dim;
  });
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/**
 * An ONNX graph being built. The functions of `ops.ts` add nodes to it and work out the shapes; `toModel`
 * gives the file's bytes.
 */
export class Graph {
  readonly name: string;
  readonly #nodes: NodeData[] = [];
  readonly #initializers: TensorData[] = [];
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  readonly #names = new Set<string>();
  readonly #constants = new Map<string, Value>();

  constructor(name: string) {
    this.name = name;
  }

  /** @param declared what the file says of its shape, where the graph works for others, too */
  input(name: string, shape: Shape, type: ElementType = 'float32', declared: Shape = shape): Value {
    const value = this.#value(name, type, shape);
    this.#inputs.push({ name, type, shape: declared });
    return value;
  }

  /** A tensor that is part of the file. */
  constant(name: string, shape: readonly number[], data: TensorValues): Value {
    if (data.length !== elementCount(shape)) {
      throw shapeError(`constant ${name}`, `${data.length} values`, shape);
    }
    const value = this.#value(name, elementTypeOf(data), shape);
    this.#initializers.push({ name: value.name, shape, data });
    return value;
  }

  /** A one-dimensional tensor of whole numbers, as operators take axes, pads and shapes; equal ones are shared. */
  integers(values: readonly number[]): Value {
    return this.#shared(`int64_${values.join('_')}`, (name) =>
      this.constant(name, [values.length], BigInt64Array.from(values, BigInt)),
    );
  }

  /** A single number without dimensions; equal ones are shared. */
  scalar(value: number): Value {
    return this.#shared(`scalar_${value}`, (name) => this.constant(name, [], Float32Array.of(value)));
  }

  /** A tensor of zeros; equal ones are shared. */
  allocZeroed(type: 'int8' | 'uint8', shape: readonly number[]): Value {
    const size = elementCount(shape);
    return this.#shared(`zeros_${type}_${shape.join('_')}`, (name) =>
      this.constant(name, shape, type === 'int8' ? new Int8Array(size) : new Uint8Array(size)),
    );
  }

  /** Adds a node; `outputs` are the shapes (and types, float32 if unsaid) that the caller worked out. */
  node(
    opType: string,
    inputs: readonly Value[],
    outputs: readonly { shape: Shape; type?: ElementType }[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Value[] {
    const foreign = inputs.find((input) => input.graph !== this);
    if (foreign) {
      throw new InkdigitError(
        'invalid_graph',
        `${opType}: the input ${foreign.name} belongs to the graph ${foreign.graph.name}, not to ${this.name}.`,
      );
    }
    const name = this.#freshName(opType);
    const values = outputs.map(({ shape, type }, i) =>
      this.#value(outputs.length === 1 ? `${name}_out` : `${name}_out${i}`, type ?? 'float32', shape),
    );
    this.#nodes.push({
      opType,
      domain,
      name,
      inputs: inputs.map((input) => input.name),
      outputs: values.map((value) => value.name),
      attributes,
    });
    return values;
  }

  /** Makes `value` an output of the graph called `name`. @param declared as of `input` */
  output(name: string, value: Value, declared: Shape = value.shape): void {
    const output = this.#value(name, value.type, value.shape);
    this.#nodes.push({
      opType: 'Identity',
      domain: '',
      name: this.#freshName('Identity'),
      inputs: [value.name],
      outputs: [name],
      attributes: {},
    });
    this.#outputs.push({ name, type: output.type, shape: declared });
  }

  /** The bytes of an ONNX file. */
  toModel(producerVersion = '', metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const domains = new Set(['', ...this.#nodes.map(({ domain }) => domain)]);
    return encodeModel({
      producerName: 'inkdigit',
      producerVersion,
      opsets: Object.fromEntries(Object.entries(OPSETS).filter(([domain]) => domains.has(domain))),
      metadata,
      graph: {
        name: this.name,
        nodes: this.#nodes,
        initializers: this.#initializers,
        inputs: this.#inputs,
        outputs: this.#outputs,
      },
    });
  }

  #shared(key: string, make: (name: string) => Value): Value {
    const known = this.#constants.get(key) ?? make(key);
    this.#constants.set(key, known);
    return known;
  }

  #value(name: string, type: ElementType, shape: Shape): Value {
    if (this.#names.has(name)) {
      throw new InkdigitError('invalid_graph', `The graph ${this.name} already has a value named ${name}.`);
    }
    this.#names.add(name);
    return { graph: this, name, type, shape };
  }

  #freshName(opType: string): string {
    return `${opType}_${this.#nodes.length}`;
  }
}
