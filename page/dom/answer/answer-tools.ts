import { toBase64 } from '../../../src/client/base64.js';
import type { CorrectionSender } from '../../share/correction-sender.js';
import type { Drawing } from '../../drawing.js';
import { grayPng } from '../../share/gray-png.js';
import type { KnownNumber } from '../../number/read-as.js';
import type { PageReading } from '../../number/picture-asker.js';
import type { PageReader } from '../../readers/page-reader.js';
import type { AskedPicture } from '../../share/snippets.js';
import type { ShownReading } from './answer-view.js';
import { CorrectionView } from '../corrections/correction-view.js';
import { byId } from '../elements.js';
import { SnippetView } from '../model/snippet-view.js';
import { pngOf } from '../sheet/paint.js';
import { ShareView } from '../share/share-view.js';
import { WhyView } from '../why/why-view.js';

/** An answer, who gave it, and the ink that lay on the paper. */
export type ReadingBy = ShownReading & { readonly reader: PageReader; readonly ink: number };

export interface AnswerToolsDeps {
  readonly drawing: Drawing;
  /** The file on the sheet, in place of the drawing. */
  readonly file: () => File | null;
  /** "7", "42", "1 or 7?": what is shown. */
  readonly readingText: () => string;
  /** How programs ask: what is known of the number, the service, and whether it requires a key. */
  readonly asking: () => { readonly known: KnownNumber; readonly service: string; readonly withKey: boolean };
  readonly sender: CorrectionSender | null;
  readonly say: (said: string) => void;
}

/** What can be done with an answer: explained, corrected, shared, and asked for by programs. */
export class AnswerTools {
  readonly #deps: AnswerToolsDeps;
  readonly #why = new WhyView();
  readonly #snippets: SnippetView;
  readonly #corrections: CorrectionView;
  readonly #share: ShareView;
  #shown: ReadingBy | null = null;

  constructor(deps: AnswerToolsDeps) {
    this.#deps = deps;
    const { drawing, file, readingText, sender, say } = deps;
    this.#snippets = new SnippetView(say);
    this.#corrections = new CorrectionView({
      picture: async () => file() ?? (drawing.isEmpty ? null : pngOf(drawing.strokes)),
      isCollecting: async () => sender?.isCollecting() ?? false,
      send: async (correction) => sender?.send(correction) ?? null,
      say,
    });
    this.#share = new ShareView({
      strokes: () => drawing.strokes,
      content: () => ({
        strokes: drawing.strokes,
        picture: file() ? (this.#shown?.bitmap ?? null) : null,
        heat: this.#why.heat,
        verdict: readingText(),
        caption: byId('caption', HTMLElement).textContent,
      }),
      say,
    });
  }

  show(shown: ReadingBy): void {
    const { drawing, file } = this.#deps;
    this.#shown = shown;
    const { reading, reader, ink } = shown;
    if (reading.kind === 'number') this.#why.hide();
    else if (!drawing.isPenDown && drawing.ink === ink) {
      void this.#why.explain({ reader, answer: reading.answer, strokes: drawing.strokes });
    }
    this.#corrections.offer(reading.kind === 'digit');
    this.#share.offer(file() === null);
    void this.#showSnippet(reading);
  }

  /** The drawing goes on. */
  goOn(): void {
    this.#why.clear();
  }

  /** Nothing is shown. */
  clear(): void {
    this.#shown = null;
    this.#why.hide();
    this.#corrections.offer(false);
    this.#snippets.clear();
  }

  /** The language is another one. */
  redraw(): void {
    this.#why.clear();
    this.#snippets.show();
    void this.#corrections.show();
  }

  async #showSnippet(reading: PageReading): Promise<void> {
    const picture = await this.#pictureForSnippet(reading);
    this.#snippets.show({ picture, asked: reading.kind, ...this.#deps.asking() });
  }

  /** A file by its name; of a drawing the view that the model saw, which is small. */
  async #pictureForSnippet(reading: PageReading): Promise<AskedPicture> {
    const file = this.#deps.file();
    if (file) return { kind: 'file', name: file.name, type: file.type };
    if (reading.kind === 'number') {
      const drawn = await pngOf(this.#deps.drawing.strokes);
      return { kind: 'inline', base64: toBase64(new Uint8Array(await drawn.arrayBuffer())) };
    }
    return { kind: 'inline', base64: toBase64(await smallPngOf(reading.answer.frame)) };
  }
}

/** The same gray levels in fewer bytes. @param url of a PNG file of gray levels */
async function smallPngOf(url: string): Promise<Uint8Array> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const { naturalWidth: side } = image;
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser has no 2d canvas');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, side, side);
  return grayPng(
    Uint8Array.from({ length: side * side }, (_, i) => data[4 * i] ?? 0),
    side,
  );
}
