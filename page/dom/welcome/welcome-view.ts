import type { InkStroke } from '../../ink.js';
import {
  greetingStroke,
  SAMPLE_DRAWINGS,
  sampleStrokes,
  type SampleDrawing,
} from '../../welcome/sample-drawings.js';
import type { WordKey } from '../../words/en.js';
import { text } from '../../words/words.js';
import { byId, make } from '../elements.js';
import { pictureOfStrokes } from '../sheet/svg-strokes.js';

export interface WelcomeEvents {
  readonly onSample: (strokes: readonly InkStroke[]) => void;
  readonly onPhoto: (photo: File) => void;
}

const PHOTO = 'sample.jpg';

/** What an empty page shows: a digit that writes itself once, and samples to click. */
export function addWelcome(events: WelcomeEvents, random: () => number = Math.random): void {
  const greeting = greetingStroke(random).map(([x, y]) => ({ x, y, width: 14 }));
  byId('paper', HTMLElement).after(pictureOfStrokes([greeting], 'greeting'));
  const drawings = SAMPLE_DRAWINGS.map((name) => drawnSample(name, events, random));
  byId('samples', HTMLElement).append(...drawings, photoSample(events));
}

function drawnSample(name: SampleDrawing, { onSample }: WelcomeEvents, random: () => number): HTMLElement {
  const shown = sampleStrokes(name, random);
  let isFresh = true;
  return sample(name, pictureOfStrokes(shown), () => {
    // The first time what is shown, then another one of its kind.
    onSample(isFresh ? shown : sampleStrokes(name, random));
    isFresh = false;
  });
}

function photoSample({ onPhoto }: WelcomeEvents): HTMLElement {
  const picture = make('img');
  picture.alt = '';
  picture.src = PHOTO;
  return sample('samplePhoto', picture, () => {
    void fetch(PHOTO)
      .then((answer) => answer.blob())
      .then((blob) => onPhoto(new File([blob], 'photo.jpg', { type: 'image/jpeg' })));
  });
}

function sample(name: WordKey, picture: Element, onClick: () => void): HTMLElement {
  const caption = make('span', '', text(name));
  caption.dataset['t'] = name;
  const button = make('button', '', picture, caption);
  button.type = 'button';
  button.addEventListener('click', onClick);
  return make('li', '', button);
}
