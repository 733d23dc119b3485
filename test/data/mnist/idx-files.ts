/** An IDX file of unsigned bytes; `values` as they are. */
export function idxFile(dimensions: readonly number[], values: Uint8Array, elementType = 0x08): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
  header.setUint8(2, elementType);
  header.setUint8(3, dimensions.length);
  dimensions.forEach((size, i) => header.setUint32(4 + 4 * i, size));
  const bytes = new Uint8Array(header.byteLength + values.length);
  bytes.set(new Uint8Array(header.buffer));
  bytes.set(values, header.byteLength);
  return bytes;
}
