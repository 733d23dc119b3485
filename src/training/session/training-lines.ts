import { nameBadFiles, type ImageFolder } from '../../data/image-folder.js';
import { percent } from '../../evaluation/report.js';
import type { EpochReport, StepReport } from '../reports.js';
import type { Validation } from '../../evaluation/measure-grid.js';
import type { Progress } from '../../progress.js';

/** The progress bar during the steps. */
export function stepProgress(state: StepReport, last: EpochReport<Validation> | undefined): Progress {
  return {
    label: `epoch ${state.epoch}/${state.epochs}`,
    fraction: state.step / state.totalSteps,
    text:
      `${Math.round(state.imagesPerSecond)} images/s  loss ${state.loss.toFixed(4)}  ` +
      (last ? `validation ${percent(last.validation.accuracy)}  ` : '') +
      `left ${clock(state.secondsLeft)}`,
  };
}

/** The line that stays for an epoch. */
export function epochLine({
  epoch,
  epochs,
  loss,
  validation,
  outliersPassing,
  imagesPerSecond,
  seconds,
  best,
}: EpochReport<Validation>): string {
  return (
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}  loss ${loss.toFixed(4)}  ` +
    `validation ${percent(validation.accuracy)}  ` +
    ('loss' in validation ? `loss ${validation.loss.toFixed(4)}  ` : '') +
    (outliersPassing === undefined ? '' : `outliers accepted ${percent(outliersPassing)}  `) +
    `${Math.round(imagesPerSecond)} images/s  ${clock(seconds)}` +
    (best ? '  best' : '')
  );
}

/** `1:02:03` or `2:03` */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Lines that describe a folder of images. */
export function describeFolder({ files, bad, notes }: ImageFolder, folder: string): string[] {
  const named = nameBadFiles(bad).map((line) => `  ${line}`);
  return [
    `${files.length === 1 ? '1 image' : `${files.length} images`} in ${folder}`,
    ...(bad.length > 0 ? [`Skipped ${bad.length} that cannot be read:`, ...named] : []),
    ...notes,
  ];
}
