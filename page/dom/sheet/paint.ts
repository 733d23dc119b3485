import { PAPER_SIDE, type InkPoint, type InkStroke } from '../../ink.js';
import type { DrawnPixels } from '../../readers/page-reader.js';

/** Draws strokes, in units of the paper, as smooth lines whose width follows the pen's pressure. */
export function paintStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly InkStroke[],
  ink: string,
): void {
  context.strokeStyle = ink;
  context.fillStyle = ink;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of strokes) paintStroke(context, stroke);
}

/** From middle to middle of the pieces, curved towards the points between: no corner, and no point left aside. */
function paintStroke(context: CanvasRenderingContext2D, stroke: InkStroke): void {
  const [first] = stroke;
  if (!first) return;
  let from = first;
  stroke.forEach((point, i) => {
    const next = stroke[i + 1];
    const to = next ? middleOf(point, next) : point;
    context.lineWidth = point.width;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.quadraticCurveTo(point.x, point.y, to.x, to.y);
    context.stroke();
    from = to;
  });
  // A line without length leaves nothing.
  if (stroke.length > 1) return;
  context.beginPath();
  context.arc(first.x, first.y, first.width / 2, 0, 2 * Math.PI);
  context.fill();
}

function middleOf(a: InkPoint, b: InkPoint): InkPoint {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, width: (a.width + b.width) / 2 };
}

/** Shows strokes on a canvas of any resolution, on a background that shines through. */
export function show(canvas: HTMLCanvasElement, strokes: readonly InkStroke[], ink: string): void {
  const context = contextOf(canvas);
  const scale = canvas.width / PAPER_SIDE;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, PAPER_SIDE, PAPER_SIDE);
  paintStrokes(context, strokes, ink);
}

/** The drawing as a PNG file: black ink on white, one pixel a unit of the paper, whatever the screen shows. */
export function pngOf(strokes: readonly InkStroke[]): Promise<Blob> {
  return blobOf(blackOnWhite(strokes).canvas, 'image/png');
}

/** The same as its pixels. */
export function pixelsOf(strokes: readonly InkStroke[]): DrawnPixels {
  return blackOnWhite(strokes).getImageData(0, 0, PAPER_SIDE, PAPER_SIDE);
}

function blackOnWhite(strokes: readonly InkStroke[]): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = PAPER_SIDE;
  canvas.height = PAPER_SIDE;
  // Painted by the processor: what a graphics card painted takes long to read back.
  const context = contextOf(canvas, { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, PAPER_SIDE, PAPER_SIDE);
  paintStrokes(context, strokes, '#000');
  return context;
}

/** What is on a canvas, as a file. */
export function blobOf(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error(`the browser made no ${type} of the canvas`));
    }, type);
  });
}

function contextOf(
  canvas: HTMLCanvasElement,
  settings?: CanvasRenderingContext2DSettings,
): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', settings);
  if (!context) throw new Error('the browser has no 2d canvas');
  return context;
}
