/** The learning rate of step 0, 1, 2, … */
export type Schedule = (step: number) => number;

/**
 * Rises linearly to `peak` over `warmUpSteps`, then falls along half a cosine to `peak * floor` at the last step
 * (Loshchilov and Hutter, 2017, without restarts).
 */
export function warmUpCosine(options: {
  readonly peak: number;
  readonly warmUpSteps: number;
  readonly totalSteps: number;
  /** Share of the peak that is left at the last step. */
  readonly floor?: number;
}): Schedule {
  const { peak, warmUpSteps, totalSteps, floor = 0.01 } = options;
  return (step) => {
    if (step < warmUpSteps) return (peak * (step + 1)) / warmUpSteps;
    const progress = Math.min(1, (step - warmUpSteps) / Math.max(1, totalSteps - 1 - warmUpSteps));
    return peak * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2);
  };
}
