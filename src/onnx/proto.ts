import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Element types of tensors that this project writes. */
export type ElementType = 'float32' | 'float16' | 'int64' | 'int32' | 'int8' | 'uint8' | 'bool';

/** `TensorProto.DataType` of onnx.proto. */
const DATA_TYPE: Record<ElementType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** `AttributeProto.AttributeType` of onnx.proto. */
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** A size: a number, or a name for one that is known only when the model runs. */
export type Dim = number | string;

export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] };

export interface TensorData {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: TensorValues;
}

/** Numbers of an element type; those of float16 as their bits. */
export type TensorValues = Float32Array | Uint16Array | BigInt64Array | Int32Array | Int8Array | Uint8Array;

export function elementTypeOf(values: TensorValues): ElementType {
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof Uint16Array) return 'float16';
  if (values instanceof Int32Array) return 'int32';
  if (values instanceof Int8Array) return 'int8';
  return values instanceof Uint8Array ? 'uint8' : 'int64';
}

/** The number by which ONNX names an element type. */
export function dataTypeOf(type: ElementType): number {
  return DATA_TYPE[type];
}

export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dim[];
}

export interface NodeData {
  readonly opType: string;
  /** Whose operator it is; empty for the standard ones. */
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface GraphData {
  readonly name: string;
  readonly nodes: readonly NodeData[];
  readonly initializers: readonly TensorData[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

export interface ModelData {
  readonly graph: GraphData;
  readonly producerName: string;
  readonly producerVersion: string;
  /** Domain -> version of its operators; the empty one is the standard operators'. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Version of the file format; 9 is read by every ONNX Runtime since 1.15. */
const IR_VERSION = 9;

type Writes = (writer: BinaryWriter) => void;

function message(writer: BinaryWriter, field: number, content: Writes): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  content(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  if (value !== '') writer.tag(field, WireType.LengthDelimited).string(value);
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

/** Serialises a model by the field numbers of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. */
export function encodeModel(model: ModelData): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, IR_VERSION);
  text(writer, 2, model.producerName);
  text(writer, 3, model.producerVersion);
  message(writer, 7, (w) => writeGraph(w, model.graph));
  for (const [domain, version] of Object.entries(model.opsets)) {
    message(writer, 8, (w) => {
      text(w, 1, domain);
      integer(w, 2, version);
    });
  }
  for (const [key, value] of Object.entries(model.metadata)) {
    message(writer, 14, (w) => {
      text(w, 1, key);
      text(w, 2, value);
    });
  }
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: GraphData): void {
  for (const node of graph.nodes) message(writer, 1, (w) => writeNode(w, node));
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers) message(writer, 5, (w) => writeTensor(w, tensor));
  for (const input of graph.inputs) message(writer, 11, (w) => writeValueInfo(w, input));
  for (const output of graph.outputs) message(writer, 12, (w) => writeValueInfo(w, output));
}

function writeNode(writer: BinaryWriter, node: NodeData): void {
  // Written even when empty: an empty name marks an optional input that is left out.
  for (const input of node.inputs) writer.tag(1, WireType.LengthDelimited).string(input);
  for (const output of node.outputs) writer.tag(2, WireType.LengthDelimited).string(output);
  text(writer, 3, node.name);
  text(writer, 4, node.opType);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    message(writer, 5, (w) => writeAttribute(w, name, attribute));
  }
  text(writer, 7, node.domain);
}

function writeAttribute(writer: BinaryWriter, name: string, attribute: Attribute): void {
  text(writer, 1, name);
  let type: number;
  if ('float' in attribute) {
    type = ATTRIBUTE_TYPE.float;
    writer.tag(2, WireType.Bit32).float(attribute.float);
  } else if ('int' in attribute) {
    type = ATTRIBUTE_TYPE.int;
    integer(writer, 3, attribute.int);
  } else if ('string' in attribute) {
    type = ATTRIBUTE_TYPE.string;
    text(writer, 4, attribute.string);
  } else {
    type = ATTRIBUTE_TYPE.ints;
    for (const value of attribute.ints) integer(writer, 8, value);
  }
  integer(writer, 20, type);
}

function writeTensor(writer: BinaryWriter, tensor: TensorData): void {
  for (const dim of tensor.shape) integer(writer, 1, dim);
  integer(writer, 2, DATA_TYPE[elementTypeOf(tensor.data)]);
  text(writer, 8, tensor.name);
  const { buffer, byteOffset, byteLength } = tensor.data;
  // raw_data is little-endian, as is every machine that ONNX Runtime's npm package runs on.
  writer.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(buffer, byteOffset, byteLength));
}

function writeValueInfo(writer: BinaryWriter, value: ValueInfo): void {
  text(writer, 1, value.name);
  message(writer, 2, (typeProto) =>
    message(typeProto, 1, (tensorType) => {
      integer(tensorType, 1, DATA_TYPE[value.type]);
      message(tensorType, 2, (shape) => {
        for (const dim of value.shape) {
          message(shape, 1, (w) => (typeof dim === 'number' ? integer(w, 1, dim) : text(w, 2, dim)));
        }
      });
    }),
  );
}
