/**
 * Writes the targets of classes: the label, with `smoothing` of it spread over all outputs, that for non-digits among
 * them (Szegedy et al., 2016).
 * @param labels `[M]`
 * @param targets `[M,outputs]`; each row adds up to 1
 */
export function writeTargets(targets: Float32Array, labels: Uint8Array, smoothing: number): void {
  const outputs = targets.length / labels.length;
  targets.fill(smoothing / outputs);
  for (const [row, label] of labels.entries()) targets[row * outputs + label]! += 1 - smoothing;
}
