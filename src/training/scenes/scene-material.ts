import { loadGlyphs } from '../../data/glyphs/load-glyphs.js';
import type { DatasetSource } from '../../data/training-data.js';
import { createScenePainter, type ScenePainter } from '../../scenes/painter.js';
import type { SceneGlyphs } from '../../scenes/types.js';
import { withDrawnCharacters } from './drawn-characters.js';
import { showDownload } from '../../data/download/show-download.js';
import type { ProgressBar } from '../../progress.js';

/**
 * Pictures that validate readers, finders and detectors. Their int8 models are compared with the float ones on the same
 * pictures.
 */
export const VALIDATION_VIEWS = 6_000;
export const VALIDATION_GRID_PICTURES = 3_000;

/** The data that scenes are made of. */
export interface SceneMaterial {
  /** Name -> SHA-256. */
  readonly digests: Readonly<Record<string, string>>;
  /** Glyphs for training. */
  readonly training: SceneGlyphs;
  /** Paints with glyphs that are not trained on. */
  readonly validation: ScenePainter;
}

/**
 * Loads the data sets, and adds drawn glyphs.
 * @param dataDir the folder of MNIST, if not the default one
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
