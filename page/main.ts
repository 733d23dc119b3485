import { MnistClient } from '../src/client/exports.js';
import { toBase64 } from '../src/client/base64.js';
import { AnswerView, type ShownReading } from './dom/answer-view.js';
import { Camera } from './dom/camera.js';
import { CorrectionView } from './dom/corrections/correction-view.js';
import { byId } from './dom/elements.js';
import type { TablePanel } from './dom/files/table-panel.js';
import { GhostWriter } from './dom/ghost-writer.js';
import { receiveFiles } from './dom/incoming-files.js';
import { KeyForm } from './dom/key-form.js';
import { LanguageChoice } from './dom/language-choice.js';
import { Marks } from './dom/marks.js';
import { ModelPanel } from './dom/model/model-panel.js';
import { SnippetView } from './dom/model/snippet-view.js';
import { pngOf } from './dom/paint.js';
import { Paper } from './dom/paper.js';
import { bitmapOf } from './dom/part-of-picture.js';
import { PictureView } from './dom/picture-view.js';
import { ReadAsChoice } from './dom/read-as-choice.js';
import { ShareView, sharedStrokes } from './dom/share/share-view.js';
import { addShortcuts } from './dom/shortcuts.js';
import { ChallengeView } from './dom/welcome/challenge-view.js';
import { StripView } from './dom/welcome/strip-view.js';
import { addWelcome } from './dom/welcome/welcome-view.js';
import { Drawing } from './drawing.js';
import { PAPER_SIDE, PEN_WIDTH, type InkStroke } from './ink.js';
import { LiveReader } from './live-reader.js';
import { askOfFiles, PictureAsker, type PageReading, type Questions } from './number/picture-asker.js';
import { isRead } from './digit-table.js';
import { problemOf } from './problems.js';
import type { AskedPicture } from './snippets.js';
import { holdMs } from './verdict-hold.js';
import type { WordKey } from './words/en.js';
import { text } from './words/words.js';

const service = new URL('.', location.href).href;

/** The service logs these together: there are dozens a second while someone draws. */
const fetchLive: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('x-inkdigit-live', '1');
  return fetch(input, { ...init, headers });
};

/** What asks the service. The live answer tries again by itself, with what is on the paper then. */
function clientsWith(apiKey?: string): { readonly live: MnistClient; readonly table: MnistClient } {
  return {
    live: new MnistClient({ server: service, apiKey, retries: 0, timeoutMs: 15_000, fetch: fetchLive }),
    table: new MnistClient({ server: service, apiKey, concurrency: 1, retries: 1 }),
  };
}

let clients = clientsWith();
let hasKey = false;

const drawing = new Drawing();
let lastInkMs = 0;
let holdTimer: ReturnType<typeof setTimeout> | undefined;
/** What is shown of the picture on the paper. */
let shown: ShownReading | null = null;

const announcer = byId('announcer', HTMLElement);
const say = (said: string): void => void (announcer.textContent = said);

const sheet = byId('sheet', HTMLElement);
const hint = byId('hint', HTMLElement);
const penWidth = byId('pen-width', HTMLInputElement);
const tools = {
  undo: byId('undo', HTMLButtonElement),
  redo: byId('redo', HTMLButtonElement),
  clear: byId('clear', HTMLButtonElement),
};

const paper = new Paper({ drawing, penWidth: () => penWidth.valueAsNumber, onChange: showHandwriting, say });
const ghost = new GhostWriter(drawing, showDrawing);
const pictureView = new PictureView();
const marks = new Marks((at) => answerView.pointAt(at));
const answerView = new AnswerView({
  say,
  onRetry: () => live.hurry(),
  onDigit: (at) => marks.choose(at),
});
const snippets = new SnippetView(say);
const modelPanel = new ModelPanel();
const challenge = new ChallengeView(() => {
  edit('clear', 'cleared');
  byId('paper', HTMLElement).focus();
});
const strip = new StripView((strokes) => writeSample(strokes, false));
const share = new ShareView({
  strokes: () => drawing.strokes,
  content: () => ({
    strokes: drawing.strokes,
    picture: pictureView.file ? (shown?.bitmap ?? null) : null,
    heat: null,
    verdict: readingText(),
    caption: byId('caption', HTMLElement).textContent,
  }),
  say,
});
const corrections = new CorrectionView({
  picture: async () => pictureView.file ?? (drawing.isEmpty ? null : pngOf(drawing.strokes)),
  send: async () => null,
  say,
});
const asker = new PictureAsker();
const readAs = new ReadAsChoice(() => {
  asker.forget();
  askAgain(true);
  table?.readAgain();
});
const keyForm = new KeyForm(useKey);
const live = new LiveReader<ShownReading>({
  ask,
  onAnswer: (reading) => {
    clearTimeout(holdTimer);
    const isSettled = pictureView.file !== null || isRead(reading.reading);
    const waitMs = holdMs(isSettled, { isPenDown: drawing.isPenDown, lastInkMs }, performance.now());
    if (waitMs === 0) showReading(reading);
    else if (waitMs !== null) holdTimer = setTimeout(() => showReading(reading), waitMs);
  },
  onProblem: (problem, retryMs) => {
    shown = null;
    answerView.showProblem(problem, retryMs);
    if (problem.wantsKey) keyForm.show();
  },
  onBusy: (isBusy) => (answerView.isBusy = isBusy),
});

function showReading(reading: ShownReading): void {
  shown = reading;
  const isFile = pictureView.file !== null;
  const { width, height } = reading.bitmap ?? { width: 0, height: 0 };
  marks.show(reading.reading, isFile ? { width, height, isFile } : { width: PAPER_SIDE, height: PAPER_SIDE, isFile });
  answerView.show(reading);
  corrections.offer(reading.reading.kind === 'digit');
  share.offer(!isFile);
  if (!isFile && !drawing.isPenDown) challenge.read(reading.reading);
  void showSnippet(reading.reading);
}

/** Asks about what is on the paper now. */
async function ask(signal: AbortSignal): Promise<ShownReading> {
  const { file } = pictureView;
  const ink = file ? null : { strokes: drawing.strokes, isPenDown: drawing.isPenDown };
  const blob = file ?? (await pngOf(drawing.strokes));
  signal.throwIfAborted(); // the paper may have been cleared meanwhile
  const startedMs = performance.now();
  const reading = await asker.ask(questionsAbout(blob, signal), ink, readAs.value);
  const roundTripMs = performance.now() - startedMs;
  // A drawing's digit needs no picture: its size is known, and what the model saw is in the answer.
  const bitmap = file || reading.kind === 'number' ? await bitmapOf(blob) : null;
  return { reading, bitmap, roundTripMs };
}

function questionsAbout(blob: Blob, signal: AbortSignal): Questions {
  const { known } = readAs;
  return {
    classify: async () => oneOf(await clients.live.classify([blob], { detail: 'full', signal })),
    readNumber: async () => oneOf(await clients.live.read([blob], { ...known, detail: 'full', signal })),
  };
}

function oneOf<T>([answer]: readonly T[]): T {
  if (answer === undefined) throw new Error('no answer came');
  return answer;
}

async function showSnippet(reading: PageReading): Promise<void> {
  const picture = await pictureForSnippet(reading);
  snippets.show({ picture, asked: reading.kind, known: readAs.known, service, withKey: hasKey });
}

/** A file by its name; of a drawing the view that the model saw, which is small. */
async function pictureForSnippet(reading: PageReading): Promise<AskedPicture> {
  const { file } = pictureView;
  if (file) return { kind: 'file', name: file.name, type: file.type };
  if (reading.kind === 'digit') {
    return { kind: 'inline', base64: reading.answer.frame.replace(/^data:[^,]*,/, '') };
  }
  const bytes = new Uint8Array(await (await pngOf(drawing.strokes)).arrayBuffer());
  return { kind: 'inline', base64: toBase64(bytes) };
}

/** After every stroke of a hand: what wrote by itself stops. */
function showHandwriting(): void {
  ghost.stop();
  showDrawing();
}

/** After every change of the drawing: a picture that lay on it is gone. */
function showDrawing(): void {
  const wasPicture = pictureView.file !== null;
  clearTimeout(holdTimer);
  lastInkMs = performance.now();
  putPicture(null);
  paper.paint();
  showTools();
  if (drawing.isEmpty) showNothing();
  else live.change(wasPicture);
}

function showNothing(): void {
  shown = null;
  live.clear();
  asker.forget();
  marks.clear();
  answerView.showNothing();
  corrections.offer(false);
  challenge.clear();
  snippets.clear();
}

function showPicture(file: File): void {
  putAway();
  drawing.clear();
  paper.paint();
  putPicture(file);
  showTools();
  answerView.expectOther();
  corrections.offer(false);
  live.change(true);
}

function putPicture(file: File | null): void {
  if (pictureView.file === file) return;
  marks.clear();
  asker.forget();
  pictureView.put(file);
}

/** What lies on the paper goes into the strip. */
function putAway(): void {
  ghost.stop();
  paper.liftPen();
  if (!drawing.isEmpty && shown) strip.add(drawing.strokes, readingText());
}

function readingText(): string {
  const reading = shown?.reading;
  return reading?.kind === 'number' ? reading.number.text : byId('digit', HTMLElement).textContent;
}

/** @param isWritten whether one sees it written, or it lies there at once */
function writeSample(strokes: readonly InkStroke[], isWritten: boolean): void {
  putAway();
  drawing.clear();
  showDrawing();
  if (isWritten) ghost.write(strokes);
  else {
    drawing.replace(strokes);
    showDrawing();
  }
  byId('paper', HTMLElement).focus({ preventScroll: true });
}

function showTools(): void {
  const isEmpty = drawing.isEmpty && pictureView.file === null;
  sheet.classList.toggle('used', !isEmpty);
  hint.hidden = !isEmpty;
  const { activeElement } = document;
  tools.undo.disabled = !drawing.canUndo;
  tools.redo.disabled = !drawing.canRedo;
  tools.clear.disabled = isEmpty;
  // A button that can do no more loses the focus; whoever uses keys goes on at the paper.
  if (activeElement instanceof HTMLButtonElement && activeElement.disabled) byId('paper', HTMLElement).focus();
}

/** One step on the drawing, by a button or by a key. */
function edit(step: 'undo' | 'redo' | 'clear', said: WordKey): void {
  if (step === 'clear') putAway();
  ghost.stop();
  paper.liftPen();
  drawing[step]();
  showDrawing();
  say(text(said));
}

function askAgain(isOther: boolean): void {
  if (!drawing.isEmpty || pictureView.file) live.change(isOther);
}

function takeFiles(files: readonly File[]): void {
  const [only] = files;
  if (only && files.length === 1) showPicture(only);
  else void openTable().then((panel) => panel.add(files));
}

let table: TablePanel | null = null;
/** The table of files, whose program is loaded when there are files. */
async function openTable(): Promise<TablePanel> {
  const later = await import('./dom/later.js');
  table ??= new later.TablePanel({
    readAll: (files) =>
      askOfFiles(
        {
          classify: () => clients.table.classify(files, { detail: 'full' }),
          readNumbers: () => clients.table.read(files, readAs.known),
        },
        readAs.value,
      ),
    onOpen: (file) => {
      showPicture(file);
      sheet.scrollIntoView({ block: 'nearest' });
    },
    onCleared: () => byId('open-files', HTMLButtonElement).focus(),
    onKeyWanted: () => keyForm.show(),
  });
  return table;
}

function setPenWidth(width: number): void {
  penWidth.value = String(width);
  document.documentElement.style.setProperty('--pen', penWidth.value);
}

/** Whatever was asked without it, or with another, is asked again. */
function useKey(key: string): void {
  clients = clientsWith(key);
  hasKey = true;
  void showModel();
  askAgain(false);
  table?.retry();
}

async function showModel(): Promise<void> {
  try {
    modelPanel.show(await clients.live.model());
  } catch (thrown) {
    // What else is wrong the page says where it matters: when something is drawn.
    if (problemOf(thrown).wantsKey) keyForm.show();
  }
}

const undo = (): void => edit('undo', 'undone');
const redo = (): void => edit('redo', 'redone');
const clear = (): void => edit('clear', 'cleared');
tools.undo.addEventListener('click', undo);
tools.redo.addEventListener('click', redo);
tools.clear.addEventListener('click', clear);
penWidth.addEventListener('input', () => setPenWidth(penWidth.valueAsNumber));
window.addEventListener('online', () => live.hurry());

receiveFiles(takeFiles);
addShortcuts({
  undo,
  redo,
  clear,
  widen: (steps) => setPenWidth(penWidth.valueAsNumber + steps * PEN_WIDTH.step),
});
new Camera(showPicture).offer();
addWelcome({ onSample: (strokes) => writeSample(strokes, true), onPhoto: showPicture });

penWidth.min = String(PEN_WIDTH.min);
penWidth.max = String(PEN_WIDTH.max);
penWidth.step = String(PEN_WIDTH.step);
setPenWidth(PEN_WIDTH.default);
modelPanel.show();
showTools();
showNothing();
new LanguageChoice(() => {
  table?.redraw();
  strip.show();
  challenge.show();
  modelPanel.show();
  snippets.show();
  void corrections.show();
  if (shown) showReading(shown);
}).begin();
const shared = sharedStrokes();
if (shared) writeSample(shared, true);
void showModel();
