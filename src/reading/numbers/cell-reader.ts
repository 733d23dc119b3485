import { applyExifOrientation } from '../../image/exif-orientation.js';
import type { Plane } from '../../image/plane.js';
import { DETECTOR } from '../../image/view/detector-cells.js';
import { IN_CELLS } from '../../numbers/candidate.js';
import { cellFieldIn, numberInCells } from '../../numbers/cells.js';
import { distinct, seenDetection } from '../../numbers/detections.js';
import type { PlacedNumber } from '../../numbers/number-of.js';
import type { CellCounts } from '../../numbers/rules.js';
import { clarityOf, turnedBack } from '../../numbers/turned.js';
import type { Detector } from './detecting.js';
import type { Finder } from '../finding.js';
import { readPlaces } from './read-places.js';
import type { ViewReader } from '../view-reading.js';

/** How tables lie that do not lie as they should, most often first. */
const SIDEWAYS = [8, 6, 3] as const;

/** A table that is read so clearly is not looked at from other sides. */
const CLEAR = 0.8;

/** The largest table has 32 x 32 cells. */
const MAX_CANDIDATES = 2048;

/** Networks that are open. */
export interface CellNetworks {
  readonly finder: Finder;
  readonly detector: Detector;
  readonly reader: ViewReader;
}

/** Reads the cells of a table or a form, whichever way the picture lies. */
export async function readCells(
  gray: Plane,
  cells: CellCounts,
  networks: CellNetworks,
): Promise<PlacedNumber> {
  let best = await readUpright(gray, cells, networks);
  // Cameras that are held over a table note at random which way is up.
  for (const orientation of SIDEWAYS) {
    if (clarityOf(best) > CLEAR) break;
    const turned = await readUpright(applyExifOrientation(gray, orientation), cells, networks);
    if (clarityOf(turned) > clarityOf(best)) best = turnedBack(turned, orientation, gray);
  }
  return best;
}

async function readUpright(
  gray: Plane,
  cells: CellCounts,
  { finder, detector, reader }: CellNetworks,
): Promise<PlacedNumber> {
  const field = cellFieldIn(gray, cells);
  const squares = field.tiles.map((tile) => ({ ...tile, columns: DETECTOR.cells }));
  const digits = (await detector.detect(gray, squares)).flatMap((look) => look.digits);
  // Tables have printed digits as well, which the detector never learned; the finder sees them.
  const seen = (await finder.findAll(gray, field.tiles)).map(seenDetection);
  const all = distinct([...digits, ...seen], MAX_CANDIDATES);
  return numberInCells(await readPlaces(gray, all, [reader], { evidence: IN_CELLS }), field);
}
