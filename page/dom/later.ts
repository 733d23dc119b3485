/** What the page loads with the first answer or file: a file of its own, so that the page itself is there at once. */
export { CorrectionSender } from '../correction-sender.js';
export { AnswerTools } from './answer-tools.js';
export { TablePanel } from './files/table-panel.js';
export { sharedStrokes } from './share/share-view.js';
