import { toBase64 } from '../src/client/base64.js';
import { curlOf, type AskedPicture } from './curl.js';
import { DigitTable } from './digit-table.js';
import { AnswerView, type ShownReading } from './dom/answer-view.js';
import { Camera } from './dom/camera.js';
import { copyText } from './dom/copy.js';
import { byId } from './dom/elements.js';
import { KeyForm } from './dom/key-form.js';
import { receiveFiles } from './dom/incoming-files.js';
import { Marks } from './dom/marks.js';
import { pixelsOf, pngOf } from './dom/paint.js';
import { bitmapOf } from './dom/part-of-picture.js';
import { ReadAsChoice } from './dom/read-as-choice.js';
import { Paper } from './dom/paper.js';
import { addShortcuts } from './dom/shortcuts.js';
import { isAlone, standAlone } from './readers/dom/stand-alone.js';
import { TableView } from './dom/table-view.js';
import { WhoReads } from './readers/dom/who-reads.js';
import { Drawing } from './drawing.js';
import { PAPER_SIDE, PEN_WIDTH } from './ink.js';
import { LiveReader } from './live-reader.js';
import { askOfFiles, PictureAsker, type PageReading } from './number/picture-asker.js';
import { describeModel } from './readers/model-words.js';
import { problemOf } from './problems.js';
import { readFilesWith } from './readers/files-on-device.js';
import type { PagePicture, ReadBy } from './readers/page-reader.js';
import { cardBeside, clientsWith } from './readers/service-clients.js';
import { readTable } from './table-reader.js';

const service = new URL('.', location.href).href;

let clients = clientsWith(service);
let hasKey = false;

const drawing = new Drawing();
const table = new DigitTable<File>();
/** A file that is shown and read in place of the drawing. */
let picture: File | null = null;

const announcer = byId('announcer', HTMLElement);
const say = (text: string): void => void (announcer.textContent = text);

const PAPER_SIZE = { width: PAPER_SIDE, height: PAPER_SIDE };

const sheet = byId('sheet', HTMLElement);
const pictureView = byId('picture', HTMLImageElement);
const hint = byId('hint', HTMLElement);
const penWidth = byId('pen-width', HTMLInputElement);
const curl = byId('curl', HTMLElement);
const copyButton = byId('copy', HTMLButtonElement);
const undoButton = byId('undo', HTMLButtonElement);
const redoButton = byId('redo', HTMLButtonElement);
const clearButton = byId('clear', HTMLButtonElement);

const paper = new Paper({ drawing, penWidth: () => penWidth.valueAsNumber, onChange: showDrawing, say });
const tableView = new TableView(table);
const marks = new Marks((at) => answerView.pointAt(at));
const answerView = new AnswerView({
  say,
  onRetry: () => live.hurry(),
  onDigit: (at) => marks.choose(at),
});
const asker = new PictureAsker();
const who = new WhoReads(
  () => clients.live,
  () => askAnew(),
);
const readAs = new ReadAsChoice(() => {
  askAnew();
  table.askAgain();
  tableView.show();
  void readRows();
});
const keyForm = new KeyForm(useKey);
const live = new LiveReader<ShownReading & { readonly readBy: ReadBy }>({
  ask,
  onAnswer: (shown) => {
    const isFile = picture !== null;
    const { width, height } = shown.bitmap ?? { width: 0, height: 0 };
    marks.show(shown.reading, isFile ? { width, height, isFile } : { ...PAPER_SIZE, isFile });
    answerView.show(shown);
    who.showSource(shown.readBy);
    showCurl(shown.reading.kind);
  },
  onProblem: (problem, retryMs) => {
    answerView.showProblem(problem, retryMs);
    if (problem.wantsKey) keyForm.show();
  },
  onBusy: (isBusy) => (answerView.isBusy = isBusy),
});

/** What the service was asked about last. */
let asked: AskedPicture | null = null;

function showCurl(kind: 'digit' | 'number'): void {
  if (asked) curl.textContent = curlOf(asked, kind, readAs.known, service, hasKey);
  copyButton.disabled = asked === null;
}

/** Asks about what is on the paper now. */
async function ask(signal: AbortSignal): Promise<ShownReading & { readonly readBy: ReadBy }> {
  const file = picture;
  const { strokes, isPenDown } = drawing;
  let png: Promise<Blob> | undefined;
  const asPng = (): Promise<Blob> => (png ??= file ? Promise.resolve(file) : pngOf(strokes));
  const reader = await who.reader();
  signal.throwIfAborted(); // the paper may have been cleared meanwhile
  const told = tell(file, asPng, signal);
  // What goes to the service is what the command sends.
  if (reader.readBy === 'service') await told;
  const pictureAsked: PagePicture = { pixels: file ? null : pixelsOf(strokes), file: asPng };
  const startedMs = performance.now();
  const questions = {
    classify: () => reader.classify(pictureAsked, signal),
    readNumber: () => reader.readNumber(pictureAsked, readAs.known, signal),
  };
  const reading = await asker.ask(questions, file ? null : { strokes, isPenDown }, readAs.value);
  const roundTripMs = performance.now() - startedMs;
  // A drawing's digit needs no picture: its size is known, and what the model saw is in the answer.
  const bitmap = file || reading.kind === 'number' ? await bitmapOf(await asPng()) : null;
  return { reading, bitmap, roundTripMs, readBy: reader.readBy };
}

/** Shows the command that asks about the same. */
async function tell(file: File | null, asPng: () => Promise<Blob>, signal: AbortSignal): Promise<void> {
  const told: AskedPicture = file
    ? { kind: 'file', name: file.name, type: file.type }
    : { kind: 'drawing', base64: toBase64(new Uint8Array(await (await asPng()).arrayBuffer())) };
  if (signal.aborted || (drawing.isEmpty && !picture)) return;
  asked = told;
  showCurl(asker.expected(readAs.value));
}

/** Another question, or another one who answers it. */
function askAnew(): void {
  asker.forget();
  if (!drawing.isEmpty || picture) live.change(true);
}

/** After every change of the drawing: a picture that lay on it is gone. */
function showDrawing(): void {
  const wasPicture = picture !== null;
  putPicture(null);
  paper.paint();
  showTools();
  if (drawing.isEmpty) showNothing();
  else live.change(wasPicture);
}

function showNothing(): void {
  live.clear();
  asker.forget();
  marks.clear();
  answerView.showNothing();
  curl.textContent = 'Draw something first.';
  copyButton.disabled = true;
}

function showPicture(file: File): void {
  paper.liftPen();
  drawing.clear();
  paper.paint();
  putPicture(file);
  showTools();
  live.change(true);
}

function putPicture(file: File | null): void {
  if (pictureView.src) URL.revokeObjectURL(pictureView.src);
  if (picture !== file) {
    marks.clear();
    asker.forget();
  }
  picture = file;
  pictureView.hidden = file === null;
  pictureView.alt = file ? `The picture ${file.name}` : '';
  if (file) pictureView.src = URL.createObjectURL(file);
  else pictureView.removeAttribute('src');
}

function showTools(): void {
  const isEmpty = drawing.isEmpty && picture === null;
  sheet.classList.toggle('used', !isEmpty);
  hint.hidden = !isEmpty;
  undoButton.disabled = !drawing.canUndo;
  redoButton.disabled = !drawing.canRedo;
  clearButton.disabled = isEmpty;
}

/** One step on the drawing, by a button or by a key. */
function edit(step: 'undo' | 'redo' | 'clear', said: string): void {
  paper.liftPen();
  drawing[step]();
  showDrawing();
  say(said);
}

function takeFiles(files: readonly File[]): void {
  const [only] = files;
  if (only && files.length === 1) {
    showPicture(only);
    return;
  }
  for (const file of files) table.add(file, file.name, file.size);
  tableView.show();
  tableView.scrollTo();
  void readRows();
}

let isReadingTable = false;
async function readRows(): Promise<void> {
  if (isReadingTable) return; // it goes on until nothing waits
  isReadingTable = true;
  const onDevice = who.ofFiles;
  const readAll = (files: readonly File[]): Promise<readonly PageReading[]> => {
    if (onDevice) return readFilesWith(onDevice, files, readAs.value, readAs.known);
    return askOfFiles(
      {
        classify: () => clients.table.classify(files, { detail: 'full' }),
        readNumbers: () => clients.table.read(files, readAs.known),
      },
      readAs.value,
    );
  };
  await readTable(table, readAll, () => tableView.show());
  isReadingTable = false;
}

function setPenWidth(width: number): void {
  penWidth.value = String(width);
  document.documentElement.style.setProperty('--pen', penWidth.value);
}

async function copyCurl(): Promise<void> {
  const isCopied = await copyText(curl);
  copyButton.textContent = isCopied ? 'Copied' : 'Press Ctrl+C';
  say(isCopied ? 'The command is copied.' : 'The command is selected; copy it with Control C.');
  setTimeout(() => (copyButton.textContent = 'Copy'), 2_000);
}

/** Whatever was asked without it, or with another, is asked again. */
function useKey(key: string): void {
  clients = clientsWith(service, key);
  hasKey = true;
  void showModel();
  if (!drawing.isEmpty || picture) live.change();
  retryRows();
}

function retryRows(): void {
  table.retryFailed();
  tableView.show();
  void readRows();
}

async function showModel(): Promise<void> {
  const card = isAlone ? cardBeside(service) : clients.live.model();
  try {
    byId('model', HTMLElement).textContent = describeModel(await who.learn(card));
  } catch (thrown) {
    // What else is wrong the page says where it matters: when something is drawn.
    if (problemOf(thrown).wantsKey) keyForm.show();
  }
}

undoButton.addEventListener('click', () => edit('undo', 'Undone.'));
redoButton.addEventListener('click', () => edit('redo', 'Done again.'));
clearButton.addEventListener('click', () => edit('clear', 'Cleared.'));
penWidth.addEventListener('input', () => setPenWidth(penWidth.valueAsNumber));
copyButton.addEventListener('click', () => void copyCurl());
byId('files-retry', HTMLButtonElement).addEventListener('click', retryRows);
byId('files-clear', HTMLButtonElement).addEventListener('click', () => {
  table.clear();
  tableView.show();
  byId('open-files', HTMLButtonElement).focus();
});
// A format that only the service knows has no picture to show, but its name.
pictureView.addEventListener('error', () => pictureView.classList.add('unseen'));
pictureView.addEventListener('load', () => pictureView.classList.remove('unseen'));
window.addEventListener('online', () => live.hurry());

receiveFiles(takeFiles);
addShortcuts({
  undo: () => edit('undo', 'Undone.'),
  redo: () => edit('redo', 'Done again.'),
  clear: () => edit('clear', 'Cleared.'),
  widen: (steps) => setPenWidth(penWidth.valueAsNumber + steps * PEN_WIDTH.step),
});
new Camera(showPicture).offer();

penWidth.min = String(PEN_WIDTH.min);
penWidth.max = String(PEN_WIDTH.max);
penWidth.step = String(PEN_WIDTH.step);
setPenWidth(PEN_WIDTH.default);
showTools();
showNothing();
tableView.show();
void showModel();
if (isAlone) standAlone();
