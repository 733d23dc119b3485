/** How a kernel slides over a picture. */
export interface Window {
  /** Of the picture, in places. */
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernel: readonly [height: number, width: number];
  readonly stride: number;
  /** Zeros around the picture, on all four sides. */
  readonly padding: number;
}

/** What calls `use` with each place of the output whose kernel sees a place of the picture. */
export function placesReached(window: Window): (place: number, use: (outPlace: number) => void) => void {
  const { width, outHeight, outWidth, kernel, stride, padding } = window;
  const [kernelHeight, kernelWidth] = kernel;
  const first = (at: number, size: number): number =>
    Math.max(0, Math.ceil((at + padding - size + 1) / stride));
  const last = (at: number, count: number): number =>
    Math.min(count - 1, Math.floor((at + padding) / stride));
  return (place, use) => {
    const [y, x] = [Math.floor(place / width), place % width];
    const [lastRow, lastColumn] = [last(y, outHeight), last(x, outWidth)];
    const firstColumn = first(x, kernelWidth);
    for (let row = first(y, kernelHeight); row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) use(row * outWidth + column);
    }
  };
}
