/**
 * Back through a stride: of the places that a strided convolution read, those that lie alike between its steps, a
 * phase,
 * are each a plain convolution of the output's gradient with some of the kernel's taps. All phases together cost what
 * the convolution does; zeros between the steps, the other way, would cost the square of the stride as much.
 */

/** One phase along one axis. */
export interface Phase {
  /** Which taps of the kernel meet it, in the order in which the gradient is read. */
  readonly taps: readonly number[];
  /** Zeros before the gradient; `taps.length - 1 - before` are behind it. */
  readonly before: number;
}

/**
 * The phases along one axis, one for each place between two steps: place `stride * m + r` of phase r gets tap k of
 * output `m + (r + padding - k) / stride`, wherever that is whole.
 * @returns `null` where that is no form for it: unless the steps divide the axis, or where a phase has no tap or reads
 * beyond the zeros
 */
export function stridePhases(
  size: number,
  outSize: number,
  { kernel, stride, padding }: { kernel: number; stride: number; padding: number },
): Phase[] | null {
  if (size !== stride * outSize) return null;
  const phases = Array.from({ length: stride }, (_, r): Phase => {
    const taps = Array.from({ length: kernel }, (_unused, i) => kernel - 1 - i).filter(
      (tap) => (r + padding - tap) % stride === 0,
    );
    return { taps, before: ((taps[0] ?? 0) - r - padding) / stride };
  });
  const fits = ({ taps, before }: Phase): boolean =>
    taps.length > 0 && before >= 0 && before <= taps.length - 1;
  return phases.every(fits) ? phases : null;
}
