import { InkdigitError } from '../../../errors.js';
import type { NumberReading } from '../../../model/number-reading.js';
import type { Reading } from '../../../model/readings.js';
import type { OutputTensor, RequestedOutput } from '../codec/tensor.js';
import { classify } from './classification.js';

const CLASSES = 10;

/**
 * What was read, as the outputs that were asked for.
 * @throws InkdigitError `invalid_request` for a classification that cannot be
 */
export function outputsOfReadings(
  readings: readonly Reading[],
  asked: readonly RequestedOutput[],
): OutputTensor[] {
  const shape = [readings.length];
  return asked.map(({ name, parameters }) => {
    const classification = parameters['classification'];
    if (classification !== undefined) return classifyReadings(readings, name, classification);
    switch (name) {
      case 'class':
        return { name, shape, datatype: 'INT64', values: readings.map((reading) => reading.class) };
      case 'probability':
        return { name, shape, datatype: 'FP32', values: readings.map(({ probability }) => probability) };
      case 'probabilities': {
        const values = readings.flatMap(({ probabilities }) => Array.from(probabilities));
        return { name, shape: [readings.length, CLASSES], datatype: 'FP32', values };
      }
      case 'digit':
        return { name, shape, datatype: 'BOOL', values: readings.map(({ digit }) => digit) };
      case 'label': {
        // An image that is taken for no digit has none.
        const values = readings.map((reading) => (reading.digit ? String(reading.class) : ''));
        return { name, shape, datatype: 'BYTES', values };
      }
      default:
        throw new Error('unreachable: the outputs were checked');
    }
  });
}

/** As `outputsOfReadings`, of numbers. */
export function outputsOfNumbers(
  numbers: readonly NumberReading[],
  asked: readonly RequestedOutput[],
): OutputTensor[] {
  const shape = [numbers.length];
  return asked.map(({ name, parameters }) => {
    if (parameters['classification'] !== undefined) throw noClasses(name);
    switch (name) {
      case 'text':
        return { name, shape, datatype: 'BYTES', values: numbers.map(({ text }) => text) };
      case 'probability':
        return { name, shape, datatype: 'FP32', values: numbers.map(({ probability }) => probability) };
      case 'accepted':
        return { name, shape, datatype: 'BOOL', values: numbers.map(({ accepted }) => accepted) };
      default:
        throw new Error('unreachable: the outputs were checked');
    }
  });
}

function classifyReadings(readings: readonly Reading[], name: string, count: unknown): OutputTensor {
  if (name !== 'probabilities') throw noClasses(name);
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1) {
    throw new InkdigitError(
      'invalid_request',
      `The output "${name}" has "classification": ${JSON.stringify(count).slice(0, 30)}; expected a number ` +
        `of classes, 1 to ${CLASSES}.`,
    );
  }
  const shown = Math.min(count, CLASSES);
  const values = readings.flatMap(({ probabilities }) => classify(probabilities, shown));
  return { name, shape: [readings.length, shown], datatype: 'BYTES', values };
}

function noClasses(name: string): InkdigitError {
  return new InkdigitError(
    'invalid_request',
    `The output "${name}" has no classes to choose from; "classification" goes with "probabilities" of "digits" and ` +
      '"frames".',
  );
}
