// `npm run check:image`: builds the image of the Dockerfile twice without a daemon, runs it, and says what it found.
// `--quick` builds the last stage alone, once, of what is installed here. Needs root, buildah
// (`apt-get install buildah`), and what npm and apt-get download from.
import { ensureReady } from '../setup.mjs';

ensureReady();

const { register } = await import('tsx/esm/api');
register();
const { whyNoImages } = await import('../container/buildah.ts');
const { checkImage } = await import('../container/check-image.ts');

const isQuick = process.argv.includes('--quick');
const why = whyNoImages();
if (why !== null) {
  console.error(`Cannot build images here: ${why}.`);
  process.exit(2);
}
const { findings, digest, bytes, startMs, left } = await checkImage(!isQuick, (line) =>
  console.error(`${(performance.now() / 1000).toFixed(1)} s: ${line}`),
);
for (const [check, finding] of Object.entries(findings)) {
  console.log(`${finding === null ? 'passed' : 'FAILED'}: ${check}${finding === null ? '' : `: ${finding}`}`);
}
for (const line of left) console.log(`not checked: ${line}`);
console.log(
  `${digest}, ${(bytes / 1e6).toFixed(1)} MB compressed, first answer after ${(startMs / 1000).toFixed(2)} s`,
);
process.exit(Object.values(findings).every((finding) => finding === null) ? 0 : 1);
