import { InkdigitError } from '../errors.js';

/** No line of text is longer: what has no line feeds is no text. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * The lines of a text in UTF-8, without their line feeds, as many at a time as a piece of it has; the last one needs no
 * line feed.
 * @param source what to call it in an error
 * @throws InkdigitError `invalid_data` for a line that no text has
 */
export async function* readLines(
  pieces: AsyncIterable<Uint8Array>,
  source: string,
): AsyncGenerator<readonly string[]> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  for await (const piece of pieces) {
    const end = piece.lastIndexOf(LINE_FEED);
    if (end === -1) {
      rest.push(piece);
      restBytes += piece.length;
      if (restBytes <= MAX_LINE_BYTES) continue;
      throw new InkdigitError(
        'invalid_data',
        `${source}: expected lines of text, got ${restBytes} bytes without a line feed.`,
      );
    }
    const text = Buffer.concat([...rest, piece.subarray(0, end)]).toString('utf8');
    rest = [piece.subarray(end + 1)];
    restBytes = piece.length - end - 1;
    yield text.split('\n');
  }
  if (restBytes > 0) yield [Buffer.concat(rest).toString('utf8')];
}
