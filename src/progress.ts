/** How far a long job has come. A bar shows it as `label ████░░░░ 50 %  text`. */
export interface Progress {
  readonly label: string;
  /** 0..1; `null` where the end is not known. */
  readonly fraction: number | null;
  /** Anything more, as `1234 images/s  loss 0.123  left 1:23`. */
  readonly text?: string;
}

/** Shows how a long job goes. */
export interface ProgressBar {
  /** The state now. */
  update(progress: Progress): void;
  /** Writes a line that stays. */
  log(line: string): void;
  /** Takes the bar away. */
  finish(): void;
}
