import type { DetailedClassification, NumberAnswer } from '../api/schemas.js';
import type { NumberReading } from '../model/number-reading.js';
import type { Reading } from '../model/readings.js';

/**
 * A reading with its details, as it goes over the wire.
 * @param frame the gray levels that the model got, as a data: URL
 */
export function detailedAnswerOf(reading: Reading, frame: string): DetailedClassification {
  return { ...reading, probabilities: Array.from(reading.probabilities), frame };
}

/** A number as it goes over the wire. */
export function numberAnswerOf(number: NumberReading, withDetail: boolean): NumberAnswer {
  const { text, raw, probability, accepted, digits, lines, unread, alternatives, truncated } = number;
  return {
    text,
    probability,
    accepted,
    digits: digits.map((digit) => ({
      class: digit.class,
      probability: digit.probability,
      box: digit.box,
      ...(withDetail && { probabilities: [...digit.probabilities] }),
    })),
    lines: lines.map((line) => ({ ...line, digits: [...line.digits] })),
    unread: [...unread],
    ...(truncated && { truncated }),
    ...(withDetail && { raw, alternatives: [...alternatives] }),
  };
}
