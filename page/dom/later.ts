/** What the page loads when it is first needed: a file of its own, so that the page itself is there at once. */
export { entriesOf } from '../corrections.js';
export { zip } from '../zip.js';
export { TablePanel } from './files/table-panel.js';
export { WhyView } from './why/why-view.js';
export { paintCard } from './share/card.js';
