import { CLASS_COUNT } from '../../model/contract.js';
import { between, type Random } from '../../random.js';
import type { InkBox } from '../draw-glyph.js';
import type { Bounds } from '../finder-targets.js';
import { wholeCanvas } from '../whole-picture.js';
import { NUMBER } from './number-ranges.js';
import type { NumberScene } from './number-writer.js';

const { chance } = NUMBER;

/** Where a picture of numbers ends: close to its first line now and then, as strips are that were cut out. */
export function numberBounds({ size, digits }: NumberScene, side: number, random: Random): Bounds {
  const whole = wholeCanvas(side);
  const isCropped = random() < chance.cropped;
  const [isLeft, isRight] = [random() < chance.croppedBeside, random() < chance.croppedBeside];
  const own = digits.filter(({ label }) => label < CLASS_COUNT);
  const away = (): number => size * (random() < 0.3 ? between(random, -0.06, 0.05) : between(random, 0, 0.7));
  if (own.length === 0) return whole;
  const middle = own[0]!.box;
  const line = own.filter(({ box }) => box.top < middle.bottom && box.bottom > middle.top);
  const edge = (pick: (box: InkBox) => number, isLeast: boolean): number =>
    line.reduce(
      (most, { box }) => (isLeast ? Math.min(most, pick(box)) : Math.max(most, pick(box))),
      pick(middle),
    );
  const low = (value: number): number => Math.max(0, Math.min(side - 12, Math.round(value)));
  const high = (value: number, from: number): number =>
    Math.min(side, Math.max(from + 12, Math.round(value)));
  const top = isCropped ? low(edge(({ top: at }) => at, true) - away()) : whole.top;
  const left = isLeft ? low(edge(({ left: at }) => at, true) - away()) : whole.left;
  return {
    top,
    left,
    bottom: isCropped ? high(edge(({ bottom }) => bottom, false) + away(), top) : whole.bottom,
    right: isRight ? high(edge(({ right }) => right, false) + away(), left) : whole.right,
  };
}
