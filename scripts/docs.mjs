// `npm run docs`: sets the clone up if needed, then writes what the documentation takes from the program. The
// declarations of the public API come from dist/, so the build has to be fresh.
import { ensureReady } from './setup.mjs';

ensureReady();

const { register } = await import('tsx/esm/api');
register();
const { writeGeneratedPages } = await import('./docs/generated-pages.ts');
await writeGeneratedPages();
