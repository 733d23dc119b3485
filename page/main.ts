import { isRead } from './files/digit-table.js';
import type { AnswerTools, ReadingBy } from './dom/answer/answer-tools.js';
import { AnswerView } from './dom/answer/answer-view.js';
import { Camera } from './dom/sheet/camera.js';
import { byId } from './dom/elements.js';
import { firstPaint } from './dom/first-paint.js';
import type { TablePanel } from './dom/files/table-panel.js';
import { GhostWriter } from './dom/sheet/ghost-writer.js';
import { receiveFiles } from './dom/sheet/incoming-files.js';
import { KeyForm } from './dom/readers/key-form.js';
import { LanguageChoice } from './dom/language-choice.js';
import { Marks } from './dom/answer/marks.js';
import { ModelPanel } from './dom/model/model-panel.js';
import { pixelsOf, pngOf } from './dom/sheet/paint.js';
import { Paper } from './dom/sheet/paper.js';
import { bitmapOf } from './dom/answer/part-of-picture.js';
import { PictureView } from './dom/sheet/picture-view.js';
import { ReadAsChoice } from './dom/readers/read-as-choice.js';
import { Toolbar, type Step } from './dom/sheet/toolbar.js';
import { isAlone, standAlone } from './dom/readers/stand-alone.js';
import { ChallengeView } from './dom/welcome/challenge-view.js';
import { StripView } from './dom/welcome/strip-view.js';
import { addWelcome } from './dom/welcome/welcome-view.js';
import { WhoReads } from './dom/readers/who-reads.js';
import { Drawing } from './drawing.js';
import { PAPER_SIDE, type InkStroke } from './ink.js';
import { LiveReader } from './live-reader.js';
import { InkMemory } from './number/ink-memory.js';
import { contentOf, PictureAsker } from './number/picture-asker.js';
import { problemOf } from './problems.js';
import { readFiles } from './readers/files-on-device.js';
import type { PagePicture } from './readers/page-reader.js';
import { cardBeside, clientsWith } from './service-clients.js';
import { holdMs } from './verdict-hold.js';
import type { WordKey } from './words/en.js';
import { text } from './words/words.js';

await firstPaint();

const service = new URL('.', location.href).href;
let clients = clientsWith(service);
let apiKey: string | undefined;

const drawing = new Drawing();
let lastInkMs = 0;
let holdTimer: ReturnType<typeof setTimeout> | undefined;
/** What is shown of the picture on the paper. */
let shown: ReadingBy | null = null;
let [table, tools]: [TablePanel | null, AnswerTools | null] = [null, null];

const say = (said: string): void => void (byId('announcer', HTMLElement).textContent = said);

const toolbar = new Toolbar(edit);
const paper = new Paper({ drawing, penWidth: () => toolbar.penWidth, onChange: showHandwriting, say });
const ghost = new GhostWriter(drawing, showDrawing);
const pictureView = new PictureView();
const marks = new Marks((at) => answerView.pointAt(at));
const answerView = new AnswerView({
  say,
  onRetry: () => live.hurry(),
  onDigit: (at) => marks.choose(at),
});
const modelPanel = new ModelPanel();
const challenge = new ChallengeView(() => {
  edit('clear', 'cleared');
  toolbar.focusPaper();
});
const strip = new StripView((strokes) => writeSample(strokes, false));
const asker = new PictureAsker();
const memory = new InkMemory();
const who = new WhoReads(
  () => clients.live,
  () => askAnew(),
);
const readAs = new ReadAsChoice(() => {
  askAnew();
  table?.readAgain();
});
const keyForm = new KeyForm(useKey);
const live = new LiveReader<ReadingBy>({
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

function showReading(reading: ReadingBy): void {
  shown = reading;
  const isFile = pictureView.file !== null;
  const { width, height } =
    isFile && reading.bitmap ? reading.bitmap : { width: isFile ? 0 : PAPER_SIDE, height: PAPER_SIDE };
  marks.show(reading.reading, { width, height, isFile });
  answerView.show(reading);
  who.showSource(reading.reader.readBy);
  if (!isFile && !drawing.isPenDown) challenge.read(reading.reading);
  if (tools) tools.show(reading);
  else void loadTools();
}

/** What can be done with an answer is loaded with the first one. */
async function loadTools(): Promise<void> {
  const later = await import('./dom/later.js');
  tools ??= new later.AnswerTools({
    drawing,
    file: () => pictureView.file,
    readingText,
    asking: () => ({ known: readAs.known, service, withKey: apiKey !== undefined }),
    sender: isAlone ? null : new later.CorrectionSender(service, () => apiKey),
    say,
  });
  if (shown) tools.show(shown);
}

/** Asks about what is on the paper now. */
async function ask(signal: AbortSignal): Promise<ReadingBy> {
  const { file } = pictureView;
  const { strokes, isPenDown, ink } = drawing;
  let png: Promise<Blob> | undefined;
  const asPng = (): Promise<Blob> => (png ??= file ? Promise.resolve(file) : pngOf(strokes));
  const reader = await who.reader();
  signal.throwIfAborted(); // the paper may have been cleared meanwhile
  const picture: PagePicture = { pixels: file ? null : pixelsOf(strokes), file: asPng };
  const startedMs = performance.now();
  const questions = {
    classify: () => reader.classify(picture, signal),
    readNumber: () => reader.readNumber(picture, readAs.known, signal),
  };
  const reading = await (file
    ? asker.ask(questions, null, readAs.value)
    : asker.ask(memory.questions(questions, ink), { strokes, isPenDown }, readAs.value));
  const known = shown && contentOf(reading) === contentOf(shown.reading) ? shown : null;
  const roundTripMs = known?.roundTripMs ?? performance.now() - startedMs;
  // A drawing's digit needs no picture: its size is known, and what the model saw is in the answer.
  const bitmap = file || reading.kind === 'number' ? await bitmapOf(await asPng()) : null;
  return { reading, bitmap, roundTripMs, reader, ink };
}

/** Another question, or another one who answers it. */
function askAnew(): void {
  asker.forget();
  memory.forget();
  if (!drawing.isEmpty || pictureView.file) live.change(true);
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
  tools?.goOn();
  lastInkMs = performance.now();
  putPicture(null);
  paper.paint();
  toolbar.show(drawing, false);
  if (drawing.isEmpty) showNothing();
  else if (drawing.isPenDown) live.change(wasPicture);
  else live.rest(wasPicture);
}

function showNothing(): void {
  shown = null;
  live.clear();
  asker.forget();
  marks.clear();
  answerView.showNothing();
  challenge.clear();
  tools?.clear();
}

function showPicture(file: File): void {
  putAway();
  drawing.clear();
  paper.paint();
  putPicture(file);
  toolbar.show(drawing, true);
  tools?.clear();
  answerView.expectOther();
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
  toolbar.focusPaper();
}

/** One step on the drawing, by a button or by a key. */
function edit(step: Step, said: WordKey): void {
  if (step === 'clear') putAway();
  ghost.stop();
  paper.liftPen();
  drawing[step]();
  showDrawing();
  say(text(said));
}

function takeFiles(files: readonly File[]): void {
  const [only] = files;
  if (only && files.length === 1) showPicture(only);
  else void openTable().then((panel) => panel.add(files));
}

/** The table of files, whose program is loaded when there are files. */
async function openTable(): Promise<TablePanel> {
  const later = await import('./dom/later.js');
  table ??= new later.TablePanel({
    readAll: (files) => readFiles(who.ofFiles, clients.table, files, readAs.value, readAs.known),
    onOpen: (file) => {
      showPicture(file);
      byId('sheet', HTMLElement).scrollIntoView({ block: 'nearest' });
    },
    onCleared: () => byId('open-files', HTMLButtonElement).focus(),
    onKeyWanted: () => keyForm.show(),
  });
  return table;
}

/** Whatever was asked without it, or with another, is asked again. */
function useKey(key: string): void {
  clients = clientsWith(service, key);
  apiKey = key;
  void showModel();
  if (!drawing.isEmpty || pictureView.file) live.change();
  table?.retry();
}

async function showModel(): Promise<void> {
  try {
    modelPanel.show(await who.learn(isAlone ? cardBeside(service) : clients.live.model()));
  } catch (thrown) {
    // What else is wrong the page says where it matters: when something is drawn.
    if (problemOf(thrown).wantsKey) keyForm.show();
  }
}

receiveFiles(takeFiles);
new Camera(showPicture).offer();
addWelcome({ onSample: (strokes) => writeSample(strokes, true), onPhoto: showPicture });
window.addEventListener('online', () => live.hurry());
modelPanel.show();
toolbar.show(drawing, false);
showNothing();
new LanguageChoice(() => {
  who.show();
  table?.redraw();
  strip.show();
  challenge.show();
  modelPanel.show();
  tools?.redraw();
  if (shown) showReading(shown);
}).begin();
if (location.hash !== '') {
  void import('./dom/later.js').then(({ sharedStrokes }) => {
    const shared = sharedStrokes();
    if (shared) writeSample(shared, true);
  });
}
void showModel();
if (isAlone) standAlone();
