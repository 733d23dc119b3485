// `npm run check:batch`: reads a million images in one batch that is never killed, and in one that is killed ten times
// at random, and compares their files byte for byte. Says images a second beside a bare loop over the same images, in
// as many processes, and the memory of all processes over time.
// `npm run check:batch -- 20000 3` takes fewer images and kills.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { ensureReady } from '../setup.mjs';

const SIZE = 28 * 28;
const HEADER = 16;
/** Images that one inference of the bare loop reads, as in the service. */
const GROUP = 64;

const root = fileURLToPath(new URL('../..', import.meta.url));

if (process.argv[2] === 'bare-loop') await bareLoop(process.argv[3], ...process.argv.slice(4).map(Number));
else await check(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 10));

async function check(images, kills) {
  ensureReady();
  const cores = availableParallelism();
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-check-batch-'));
  try {
    const input = join(folder, 'images.idx');
    writeImages(input, images);
    const bareMs = await runBareLoop(input, images, cores);
    say(`bare loop: ${perSecond(images, bareMs)} images/s in ${cores} processes, their start left out`);

    const never = join(folder, 'never');
    const whole = await run(input, never);
    if (whole.code !== 0) throw new Error(`the batch ended with ${whole.code}`);
    const share = ((100 * bareMs) / whole.ms).toFixed(1);
    say(`batch: ${perSecond(images, whole.ms)} images/s with start and end, ${share} % of the bare loop`);
    say(`memory of all processes: ${memoryLine(whole.memory)}`);

    const killed = join(folder, 'killed');
    for (let kill = 0; kill < kills; kill++) {
      const afterMs = (0.05 + 0.2 * Math.random()) * whole.ms;
      const { code } = await run(input, killed, afterMs);
      say(
        `killed after ${(afterMs / 1000).toFixed(1)} s${code === null ? '' : `: it had ended with ${code}`}`,
      );
    }
    const last = await run(input, killed);
    if (last.code !== 0) throw new Error(`the batch that was killed ended with ${last.code}`);
    compare(never, killed, images);
    say(`killed ${kills} times: the same ${images} rows, byte for byte`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** MNIST's test images, over and over. */
function writeImages(path, images) {
  const data = process.env.MNIST_DATA_DIR ?? join(root, '..', 'shared', 'mnist');
  const digits = gunzipSync(readFileSync(join(data, 't10k-images-idx3-ubyte.gz'))).subarray(HEADER);
  const header = Buffer.alloc(HEADER);
  [0x0803, images, 28, 28].forEach((value, i) => header.writeUInt32BE(value, 4 * i));
  writeFileSync(path, header);
  for (let left = images; left > 0; left -= digits.length / SIZE) {
    writeFileSync(path, digits.subarray(0, left * SIZE), { flag: 'a' });
  }
}

/** @param killAfterMs when to end it, with every process that it started */
async function run(input, output, killAfterMs) {
  const startedMs = performance.now();
  const args = ['bin/inkdigit.mjs', 'batch', input, '--output', output, '--resume'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const memory = [];
  const watch = setInterval(() => memory.push(residentMegabytes(child.pid)), 1000);
  const timer = killAfterMs && setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [code] = await once(child, 'exit');
  clearInterval(watch);
  clearTimeout(timer);
  // Its processes end when they notice; what they still write goes nowhere.
  if (killAfterMs) await delay(200);
  return { code, ms: performance.now() - startedMs, memory };
}

/** Of a process and those that it started; 0 where the system does not say. */
function residentMegabytes(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    const pages = [pid, ...children].map((one) =>
      Number(readFileSync(`/proc/${one}/statm`, 'utf8').split(' ')[1]),
    );
    return Math.round((pages.reduce((sum, count) => sum + count, 0) * 4096) / 1e6);
  } catch {
    return 0;
  }
}

function memoryLine(megabytes) {
  const step = Math.max(1, Math.floor(megabytes.length / 10));
  return `${megabytes.filter((_, i) => i % step === 0).join(', ')} MB`;
}

function compare(never, killed, images) {
  const filesOf = (folder) =>
    readdirSync(folder)
      .filter((name) => name.startsWith('part-'))
      .toSorted();
  const [expected, got] = [filesOf(never), filesOf(killed)];
  if (expected.join() !== got.join()) throw new Error(`expected ${expected}, got ${got}`);
  let rows = 0;
  for (const name of expected) {
    const bytes = readFileSync(join(never, name));
    if (!bytes.equals(readFileSync(join(killed, name)))) throw new Error(`${name} differs`);
    for (const byte of bytes) if (byte === 0x0a) rows++;
  }
  if (rows !== images) throw new Error(`expected ${images} rows, got ${rows}`);
}

async function runBareLoop(input, images, cores) {
  const share = Math.ceil(images / cores / GROUP) * GROUP;
  const times = await Promise.all(
    Array.from({ length: cores }, async (_, i) => {
      const args = [
        fileURLToPath(import.meta.url),
        'bare-loop',
        input,
        i * share,
        Math.min(images, (i + 1) * share),
      ];
      const child = spawn(process.execPath, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      child.stdout.on('data', (text) => (said += text));
      await once(child, 'close');
      return Number(said);
    }),
  );
  return Math.max(...times);
}

/** Reads images from `from` to `to - 1`, group by group, and keeps nothing. Prints milliseconds. */
async function bareLoop(input, from, to) {
  const dist = new URL('../../dist/', import.meta.url);
  const { openDigitModels } = await import(new URL('model/digit-models.js', dist));
  const { readingsOf } = await import(new URL('model/readings.js', dist));
  const { shippedModelPath } = await import(new URL('model/model-paths.js', dist));
  const { classifier } = await openDigitModels(shippedModelPath());
  const pixels = readFileSync(input).subarray(HEADER + from * SIZE, HEADER + to * SIZE);
  const startedMs = performance.now();
  for (let at = 0; at < to - from; at += GROUP) {
    const count = Math.min(GROUP, to - from - at);
    const batch = { count, pixels: pixels.subarray(at * SIZE, (at + count) * SIZE) };
    readingsOf(batch, await classifier.probabilities(batch), classifier.digitThreshold);
  }
  process.stdout.write(String(performance.now() - startedMs));
}

function perSecond(images, ms) {
  return Math.round((1000 * images) / ms);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
