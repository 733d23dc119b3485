/** What the page loads with the first answer or file: a file of its own, so that the page itself is there at once. */
export { CorrectionSender } from '../share/correction-sender.js';
export { AnswerTools } from './answer/answer-tools.js';
export { TablePanel } from './files/table-panel.js';
export { sharedStrokes } from './share/share-view.js';
