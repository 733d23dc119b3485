import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { readMetadata } from '../../../src/model/runtime/metadata.js';
import { Graph } from '../../../src/onnx/graph.js';
import * as ops from '../../../src/onnx/ops.js';

/** A small model with weights, as what is to be passed over. */
function modelWith(metadata: Readonly<Record<string, string>>): Uint8Array {
  const graph = new Graph('m');
  const weights = graph.constant('weights', [300], new Float32Array(300).fill(14));
  graph.output('y', ops.add(graph.input('x', ['N', 300]), weights));
  return graph.toModel('1.0', metadata);
}

describe('readMetadata', () => {
  it('gives what was written, whatever it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (metadata) => {
        expect([...readMetadata(modelWith(metadata))]).toEqual(Object.entries(metadata));
      }),
    );
  });

  it('finds none where there is none', () => {
    expect(readMetadata(modelWith({})).size).toBe(0);
  });
});
