import { InferenceSession, Tensor } from 'onnxruntime-node';
import { blockedConv, intoBlocks, outOfBlocks } from '../onnx/blocked-ops.js';
import { Graph } from '../onnx/graph.js';
import { conv } from '../onnx/picture-ops.js';
import { createRandom } from '../random.js';
import { blockedPlaces } from './parameter-forms.js';

/** With AVX-512, and with AVX2. */
const BLOCKS = [16, 8];

/**
 * How many channels a block of this machine's blocked operators holds. They are internal to ONNX Runtime, so they are
 * tried before they are trusted: a convolution that does not come out as the standard one does rules a size out.
 * @returns `null` where there are none that work: the trainer then uses standard operators alone
 */
export async function findBlock(): Promise<number | null> {
  for (const block of BLOCKS) if (await works(block)) return block;
  return null;
}

async function works(block: number): Promise<boolean> {
  const channels = 2 * block;
  const shape = [channels, channels, 3, 3];
  const size = shape.reduce((a, b) => a * b, 1);
  const graph = new Graph('block_probe');
  const x = graph.input('x', [1, channels, 5, 5]);
  const weights = graph.input('weights', shape);
  graph.output('plain', conv(x, weights, { padding: 1 }));
  const y = blockedConv(intoBlocks(x), graph.input('blockedWeights', shape), { padding: 1 });
  graph.output('blocked', outOfBlocks(y));
  const random = createRandom(block);
  const pictures = Float32Array.from({ length: channels * 25 }, random);
  const kernels = Float32Array.from({ length: size }, random);
  const places = blockedPlaces({ shape, size, offset: 0 }, block, false);
  try {
    const session = await InferenceSession.create(graph.toModel(), {
      intraOpNumThreads: 1,
      // Only what a block of another size makes of the numbers is of interest here, not what is said about it.
      logSeverityLevel: 4,
    });
    try {
      const { plain, blocked } = await session.run({
        x: new Tensor('float32', pictures, [1, channels, 5, 5]),
        weights: new Tensor('float32', kernels, shape),
        blockedWeights: new Tensor(
          'float32',
          Float32Array.from(places, (place) => kernels[place] ?? NaN),
          shape,
        ),
      });
      return plain !== undefined && blocked !== undefined && isEqual(plain.data, blocked.data);
    } finally {
      await session.release();
    }
  } catch {
    // Not there, or not for this machine.
    return false;
  }
}

function isEqual(a: Tensor['data'], b: Tensor['data']): boolean {
  return (
    a instanceof Float32Array &&
    b instanceof Float32Array &&
    a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) <= 1e-4 * Math.abs(value) + 1e-4)
  );
}
