// `npm run fuzz`: sets the clone up if needed, then sends hostile requests to a service of its own. Arguments go to
// fuzz/main.ts: `npm run fuzz -- --requests 20000 --seed 2`.
import { ensureReady } from './setup.mjs';

ensureReady();

const { register } = await import('tsx/esm/api');
register();
await import('../fuzz/main.ts');
