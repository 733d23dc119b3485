import type { OutlierReport } from '../../evaluation/outliers/measure-outliers.js';
import type { Metrics } from '../../evaluation/metrics.js';
import {
  recordCandidates,
  recordOutliers,
  recordSeeds,
  recordTest,
  requireSeeds,
} from '../../model/card/record-figures.js';
import { percent } from '../../evaluation/report.js';
import type { Robustness } from '../../evaluation/corruptions/robustness.js';
import type { ModelCard } from '../../model/card/card.js';
import { readModelCard } from '../../model/read-model-files.js';
import { cardPath } from '../../model/model-paths.js';
import { processIo } from '../terminal/command-io.js';
import { writeFileAtomically } from '../../files/write-file.js';

/** Other models that the card names. */
export interface Others {
  readonly seeds: readonly ModelCard[];
  readonly candidates: readonly ModelCard[];
}

/** The cards of other models, refused before the measurement where they do not match `card`. */
export async function readOthers(
  card: ModelCard,
  { seeds, candidates }: { readonly seeds?: readonly string[]; readonly candidates?: readonly string[] },
): Promise<Others> {
  const others: Others = {
    seeds: await Promise.all((seeds ?? []).map(readModelCard)),
    candidates: await Promise.all((candidates ?? []).map(readModelCard)),
  };
  if (others.seeds.length > 0) requireSeeds(card, others.seeds);
  recordCandidates(card, others.candidates);
  return others;
}

/** Writes the figures into the card. @returns the card as it is now */
export async function writeRecord(
  model: string,
  card: ModelCard,
  { seeds, candidates }: Others,
  found: {
    readonly metrics: Metrics;
    readonly robustness: Robustness | null;
    readonly outliers: OutlierReport | null;
  },
): Promise<ModelCard> {
  let recorded = recordTest(card, found.metrics, found.robustness);
  if (found.outliers) recorded = recordOutliers(recorded, found.outliers);
  if (seeds.length > 0) recorded = recordSeeds(recorded, seeds);
  if (candidates.length > 0) recorded = recordCandidates(recorded, candidates);
  await writeFileAtomically(cardPath(model), `${JSON.stringify(recorded, null, 2)}\n`);
  if (recorded.seeds && seeds.length > 0) {
    const { trainings, meanAccuracy, deviation } = recorded.seeds;
    processIo.stderr.write(
      `Over ${trainings.length} seeds: ${percent(meanAccuracy)} on average, deviation ${percent(deviation)}.\n`,
    );
  }
  return recorded;
}
