import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Fields of `ModelProto` and of `StringStringEntryProto` (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). */
const METADATA_PROPS = 14;
const KEY = 1;
const VALUE = 2;

/**
 * What an ONNX file says of itself (`metadata_props`), which ONNX Runtime's JavaScript does not pass on. All else in
 * the file is passed over.
 * @param model a file that ONNX Runtime opened
 */
export function readMetadata(model: Uint8Array): Map<string, string> {
  const metadata = new Map<string, string>();
  const reader = new BinaryReader(model);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === METADATA_PROPS && type === WireType.LengthDelimited) {
      const [key, value] = readEntry(reader.bytes());
      metadata.set(key, value);
    } else reader.skip(type);
  }
  return metadata;
}

function readEntry(bytes: Uint8Array): [key: string, value: string] {
  const reader = new BinaryReader(bytes);
  let [key, value] = ['', ''];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === KEY) key = reader.string();
    else if (field === VALUE) value = reader.string();
    else reader.skip(type);
  }
  return [key, value];
}
