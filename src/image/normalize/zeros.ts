/** What small arrays are carved out of, and the longest that are: a picture of 28 x 28 takes some 30 kB. */
const SLAB_BYTES = 65_536;
const LARGEST_BYTES = 8192;

let slab = new ArrayBuffer(SLAB_BYTES);
let used = 0;

type ArrayOf<T> = {
  new (length: number): T;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
};

/**
 * A new array of zeros. Small ones lie side by side in one piece of memory, as Node's small buffers do: a piece of its own
 * for each takes the better part of a microsecond, and a small picture needs twenty or so. As one that is kept keeps them all,
 * none of them may outlive the work on a picture.
 */
export function zeros<T>(Type: ArrayOf<T>, length: number): T {
  const bytes = length * Type.BYTES_PER_ELEMENT;
  if (bytes > LARGEST_BYTES) return new Type(length);
  if (used + bytes > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const array = new Type(slab, used, length);
  // The next one's numbers may be of 8 bytes.
  used += (bytes + 7) & ~7;
  return array;
}
