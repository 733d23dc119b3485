/** Share of a view's side that the longer side of a digit's box takes, as what reads digits sees them. */
const VIEW_FILL = 0.7;

/**
 * Paints the square around a digit as it is read: its box in the middle, with some room around it.
 * @param box x, y, width and height in pixels of the picture
 */
export function paintPart(
  canvas: HTMLCanvasElement,
  picture: ImageBitmap,
  [x = 0, y = 0, width = 0, height = 0]: readonly number[],
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const side = Math.max(width, height, 1) / VIEW_FILL;
  const scale = canvas.width / side;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    picture,
    ((side - width) / 2 - x) * scale,
    ((side - height) / 2 - y) * scale,
    picture.width * scale,
    picture.height * scale,
  );
}

/** The picture that was asked about, upright; `null` where the browser does not know its format. */
export async function bitmapOf(blob: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(blob);
  } catch {
    return null;
  }
}
