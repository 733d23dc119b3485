import type { Progress } from '../../progress.js';

/** How many images are expected, as far as is known before all were seen. */
export interface Expectation {
  /** Images that were counted. */
  readonly images: number;
  /** Bytes of archives, whose images are not counted beforehand. */
  readonly archiveBytes: number;
}

/** What was seen of archives so far. */
export interface ArchiveMeter {
  images: number;
  bytes: number;
}

/** All images of a batch by what is known now; `null` where nothing says how many an archive has. */
export function expectedImages({ images, archiveBytes }: Expectation, seen: ArchiveMeter): number | null {
  if (archiveBytes === 0) return images;
  if (seen.images === 0 || seen.bytes === 0) return null;
  return images + Math.max(seen.images, Math.round((archiveBytes * seen.images) / seen.bytes));
}

/** How far a batch has come. */
export interface Pace {
  readonly done: number;
  /** Of them, those that were there when this run began. */
  readonly doneBefore: number;
  readonly failed: number;
  readonly expected: number | null;
  /** Of this run, in milliseconds. */
  readonly elapsedMs: number;
}

/** The same for a progress bar: images a second of this run, the time that is left, and how many failed. */
export function progressOf({ done, doneBefore, failed, expected, elapsedMs }: Pace): Progress {
  const perSecond = elapsedMs > 0 ? (1000 * (done - doneBefore)) / elapsedMs : 0;
  const isKnown = expected !== null && perSecond > 0;
  const text = [
    `${grouped(done)}${expected === null ? '' : ` of ${grouped(expected)}`}`,
    `${grouped(Math.round(perSecond))} images/s`,
    ...(isKnown ? [`left ${clockOf(Math.max(0, expected - done) / perSecond)}`] : []),
    ...(failed > 0 ? [`${grouped(failed)} failed`] : []),
  ];
  // 100 % is for the end, and an estimate may be too low.
  const fraction = expected === null || expected === 0 ? null : Math.min(0.99, done / expected);
  return { label: 'batch', fraction, text: text.join('  ') };
}

/** `1234567` -> `1,234,567` */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `75` -> `1:15`, `4000` -> `1:06:40` */
function clockOf(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
