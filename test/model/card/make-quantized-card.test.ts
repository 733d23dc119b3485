import { describe, expect, it } from 'vitest';
import { measure } from '../../../src/evaluation/metrics.js';
import { parseModelCard } from '../../../src/model/card/card.js';
import { makeQuantizedCard } from '../../../src/model/card/make-quantized-card.js';
import { fakeCard } from '../../helpers/models/fake-classifier.js';

const FACTS = {
  name: 'x.int8',
  from: 'x.onnx',
  calibrationImages: 20,
  versions: { inkdigit: '1' },
  finished: new Date('2026-01-01T00:00:00Z'),
};
const FLOATS = { ...fakeCard({ bytes: 5, sha256: 'a'.repeat(64) }), digitThreshold: 0.3 };

describe('makeQuantizedCard', () => {
  it('tells of a finder its share of hits, and how far its boxes lie from those of floats', () => {
    const metrics = { count: 50, correct: 40, accuracy: 0.8, loss: 2.5 };
    const card = makeQuantizedCard(
      FLOATS,
      {
        model: new Uint8Array(3),
        digitThreshold: 0,
        validation: metrics,
        agreeing: 49,
        boxShift: 0.2,
      },
      FACTS,
    );
    expect(parseModelCard(JSON.stringify(card), 'the card')).toEqual(card);
    expect(card).not.toHaveProperty('digitThreshold');
    expect(card).toMatchObject({
      name: 'x.int8',
      validation: { count: 50, correct: 40, accuracy: 0.8 },
      quantization: { bits: 8, from: 'x.onnx', sha256: 'a'.repeat(64), agreement: 0.98, boxShift: 0.2 },
      file: { bytes: 3 },
    });
  });

  it('tells of a reader its accuracy and its own threshold, and of no boxes', () => {
    const metrics = measure(
      Float32Array.from({ length: 10 }, (_, digit) => (digit === 4 ? 0.91 : 0.01)),
      Uint8Array.of(4),
    );
    const result = {
      model: new Uint8Array(3),
      digitThreshold: 0.2,
      validation: metrics,
      reference: metrics,
      agreeing: 1,
    };
    const card = makeQuantizedCard(FLOATS, result, FACTS);
    expect(parseModelCard(JSON.stringify(card), 'the card')).toEqual(card);
    expect(card).toMatchObject({
      digitThreshold: 0.2,
      validation: { count: 1, calibrationError: expect.any(Number) },
    });
    expect(card.quantization).not.toHaveProperty('boxShift');
  });
});
