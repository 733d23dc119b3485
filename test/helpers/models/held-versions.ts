import type { Classifier } from '../../../src/model/classifier.js';
import { LoadedVersion } from '../../../src/server/models/held-models.js';
import { fakeCard, fakeClassifier } from './fake-classifier.js';

/** A version without files, and whether it was closed. */
export interface FakeVersion {
  readonly loaded: LoadedVersion;
  readonly closed: () => boolean;
  readonly faults: unknown[];
}

/** @param classifier that of the version; one that is sure of the first pixel modulo 10 if unsaid */
export function fakeVersion(version: number, classifier: Classifier = fakeClassifier()): FakeVersion {
  let isClosed = false;
  const faults: unknown[] = [];
  const checked: Classifier = {
    ...classifier,
    probabilities(frames) {
      if (isClosed) throw new Error('closed models were asked');
      return classifier.probabilities(frames);
    },
  };
  const loaded = new LoadedVersion(
    { version, sha256: String(version).padStart(64, '0') },
    fakeCard(),
    { classifier: checked },
    () => (isClosed = true),
    (thrown) => faults.push(thrown),
  );
  return { loaded, closed: () => isClosed, faults };
}

/** A classifier that is sure of one digit, whatever it sees. */
export function classifierOf(digit: number, probability = 0.9): Classifier {
  return {
    ...fakeClassifier(),
    probabilities: async ({ count }) => {
      const rows = new Float32Array(count * 10).fill((1 - probability) / 9);
      for (let row = 0; row < count; row++) rows[row * 10 + digit] = probability;
      return rows;
    },
  };
}
