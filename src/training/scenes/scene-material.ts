import { loadGlyphs } from '../../data/glyphs/load-glyphs.js';
import type { DatasetSource } from '../../data/training-data.js';
import { createScenePainter, type ScenePainter } from '../../scenes/painter.js';
import type { SceneGlyphs } from '../../scenes/types.js';
import { withDrawnCharacters } from './drawn-characters.js';
import { showDownload } from '../../data/download/show-download.js';
import type { ProgressBar } from '../../progress.js';

/**
 * Pictures that epochs of readers, and of networks that answer in cells, are chosen by. Models of 8 bits are compared on them with those of
 * floats.
 */
export const VALIDATION_VIEWS = 6_000;
export const VALIDATION_GRID_PICTURES = 3_000;

/** What pictures are made of. */
export interface SceneMaterial {
  /** Name -> SHA-256. */
  readonly digests: Readonly<Record<string, string>>;
  /** To learn from. */
  readonly training: SceneGlyphs;
  /** Paints with glyphs that nothing is learned from. */
  readonly validation: ScenePainter;
}

/**
 * Loads the data sets, and draws what is drawn beside them.
 * @param dataDir the folder of MNIST, if it is not the default one
 * @throws InkdigitError as `loadGlyphs`
 */
export async function loadSceneMaterial(
  datasets: DatasetSource,
  dataDir: string | undefined,
  bar: ProgressBar,
): Promise<SceneMaterial> {
  const { digests, training, validation } = await loadGlyphs({
    names: datasets.names,
    datasetsDir: datasets.folder,
    dataDir,
    onDownload: showDownload(bar),
  });
  bar.finish();
  return {
    digests,
    training: withDrawnCharacters(training, 0),
    validation: createScenePainter(withDrawnCharacters(validation, 1)),
  };
}
