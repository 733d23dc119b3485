import { FRAME_PIXELS } from '../../image/frame.js';
import type { Chunk, Found, FoundImage } from './found-image.js';

/**
 * Images of one inference, all of them between two multiples of it: which images are read together follows from their
 * places alone, whenever the work was begun, so that a batch that was stopped ends with the same answers.
 */
export const GROUP_IMAGES = 64;

/** Frames of one chunk: enough that handing it to a process costs nothing beside reading it. */
const CHUNK_FRAMES = 8 * GROUP_IMAGES;

/** Bytes of image files in one chunk. */
const CHUNK_BYTES = 16 * 1024 * 1024;

export interface ChunkSettings {
  /** The place of the first image. */
  readonly first: number;
  /** A chunk ends where a file of rows does. */
  readonly rowsPerFile: number;
  /** Image files of one chunk. */
  readonly maxImages: number;
}

/** Where the next group ends that has the image at a place. */
export function groupEnd(place: number): number {
  return place - (place % GROUP_IMAGES) + GROUP_IMAGES;
}

/** Puts what was found together, in its order. At most one chunk is held. */
export async function* inChunks(
  found: AsyncIterable<Found>,
  { first, rowsPerFile, maxImages }: ChunkSettings,
): AsyncGenerator<Chunk> {
  let place = first;
  let images: FoundImage[] = [];
  let byteCount = 0;
  let frames = new FrameCollector(place);
  const imagesChunk = (): Chunk => {
    const chunk: Chunk = { kind: 'images', first: place - images.length, images };
    images = [];
    byteCount = 0;
    return chunk;
  };
  for await (const item of found) {
    if (item.kind === 'image') {
      if (frames.count > 0) yield frames.take();
      images.push({ name: item.name, content: item.content });
      byteCount += 'bytes' in item.content ? item.content.bytes.length : 0;
      place++;
      const isFull = place % maxImages === 0 || place % GROUP_IMAGES === 0 || byteCount >= CHUNK_BYTES;
      if (isFull || place % rowsPerFile === 0) yield imagesChunk();
      continue;
    }
    if (images.length > 0) yield imagesChunk();
    const { names, pixels } = item;
    for (let from = 0; from < names.length;) {
      if (frames.count === 0) frames = new FrameCollector(place);
      const end = Math.min(nextMultiple(place, CHUNK_FRAMES), nextMultiple(place, rowsPerFile));
      const to = Math.min(names.length, from + end - place);
      frames.add(names.slice(from, to), pixels.subarray(from * FRAME_PIXELS, to * FRAME_PIXELS));
      place += to - from;
      from = to;
      if (place === end) yield frames.take();
    }
  }
  if (images.length > 0) yield imagesChunk();
  if (frames.count > 0) yield frames.take();
}

/** The least multiple of `step` above `place`. */
function nextMultiple(place: number, step: number): number {
  return place - (place % step) + step;
}

/** Joins frames; those of one piece are not copied. */
class FrameCollector {
  readonly #first: number;
  #names: string[][] = [];
  #pixels: Uint8Array[] = [];
  count = 0;

  constructor(first: number) {
    this.#first = first;
  }

  add(names: string[], pixels: Uint8Array): void {
    this.#names.push(names);
    this.#pixels.push(pixels);
    this.count += names.length;
  }

  take(): Chunk {
    const [only] = this.#pixels;
    const pixels = only && this.#pixels.length === 1 ? only : Buffer.concat(this.#pixels);
    const chunk: Chunk = { kind: 'frames', first: this.#first, names: this.#names.flat(), pixels };
    this.#names = [];
    this.#pixels = [];
    this.count = 0;
    return chunk;
  }
}
