import { text } from '../../words/words.js';
import { PAPER_SIDE, type InkStroke } from '../../ink.js';
import { blobOf, paintStrokes } from '../sheet/paint.js';

/** What is on a card. */
export interface CardContent {
  readonly strokes: readonly InkStroke[];
  /** In place of strokes: a file. */
  readonly picture: CanvasImageSource | null;
  /** Over the drawing: the ink for and against the answer; `null` where that is not known. */
  readonly heat: CanvasImageSource | null;
  /** "7", "42", "1 or 7?". */
  readonly verdict: string;
  readonly caption: string;
}

/** As messengers show links. */
const WIDTH = 1200;
const HEIGHT = 630;
const MARGIN = 55;
const SHEET = HEIGHT - 2 * MARGIN;

/** The colours of the page in the light, whatever the page is in. */
const COLORS = {
  desk: '#f6f3ec',
  sheet: '#fffdf8',
  rule: '#b9c9de',
  ink: '#1c2333',
  accent: '#b23a2a',
  quiet: '#5f5a50',
};
const READING = "'Iowan Old Style', 'Palatino Linotype', Palatino, P052, 'Book Antiqua', Georgia, serif";

/** A picture to share: the drawing at the left, the answer beside it. */
export async function paintCard(content: CardContent): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser has no 2d canvas');
  context.fillStyle = COLORS.desk;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  paintSheet(context, content);
  const left = 2 * MARGIN + SHEET;
  const room = WIDTH - left - MARGIN;
  context.fillStyle = COLORS.accent;
  fit(context, content.verdict, room, 330);
  context.fillText(content.verdict, left, 360);
  context.fillStyle = COLORS.ink;
  fit(context, content.caption, room, 40);
  context.fillText(content.caption, left, 440);
  context.fillStyle = COLORS.quiet;
  fit(context, 'inkdigit', room, 34);
  context.fillText('inkdigit', left, HEIGHT - MARGIN - 44);
  fit(context, text('tagline'), room, 26);
  context.fillText(text('tagline'), left, HEIGHT - MARGIN - 4);
  return blobOf(canvas, 'image/png');
}

function paintSheet(context: CanvasRenderingContext2D, { strokes, picture, heat }: CardContent): void {
  context.fillStyle = COLORS.sheet;
  context.fillRect(MARGIN, MARGIN, SHEET, SHEET);
  context.save();
  context.translate(MARGIN, MARGIN);
  if (picture) drawWhole(context, picture);
  context.scale(SHEET / PAPER_SIDE, SHEET / PAPER_SIDE);
  context.beginPath();
  context.rect(0, 0, PAPER_SIDE, PAPER_SIDE);
  context.clip();
  paintStrokes(context, strokes, COLORS.ink);
  if (heat) context.drawImage(heat, 0, 0, PAPER_SIDE, PAPER_SIDE);
  context.restore();
  context.strokeStyle = COLORS.rule;
  context.lineWidth = 3;
  context.strokeRect(MARGIN, MARGIN, SHEET, SHEET);
}

/** All of a picture in the middle of the sheet. */
function drawWhole(context: CanvasRenderingContext2D, picture: CanvasImageSource): void {
  if (!(picture instanceof ImageBitmap)) return;
  const scale = SHEET / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  context.drawImage(picture, (SHEET - width) / 2, (SHEET - height) / 2, width, height);
}

/** As large as asked for, and as there is room. */
function fit(context: CanvasRenderingContext2D, words: string, room: number, size: number): void {
  context.font = `${size}px ${READING}`;
  const { width } = context.measureText(words);
  if (width > room) context.font = `${Math.floor((size * room) / width)}px ${READING}`;
}
