/**
 * Runs benchmarks and writes what they found into docs/notebook/benchmarks.md: `npm run bench`, or
 * `npm run bench -- training` for some. With `--quick` or `--model` the result is only printed: it is not what the
 * page is about. A run on a busy machine is only printed as well, and ends with an error.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { InkdigitError } from '../src/errors.js';
import { handsBenchmark } from './models/hands.js';
import { inferenceBenchmark } from './models/inference.js';
import { busyShare, describeMachine } from './measuring/machine.js';
import { refusalToRecord, renderSection, replaceSection, type Benchmark } from './report/report.js';
import { largePicturesBenchmark } from './service/large-pictures.js';
import { abandonedBenchmark } from './service/abandoned.js';
import { picturesBenchmark } from './models/pictures.js';
import { capacityBenchmark } from './service/capacity.js';
import { connectionsBenchmark } from './service/connections.js';
import { faultsBenchmark } from './service/faults.js';
import { latencyBenchmark } from './service/latency.js';
import { memoryBenchmark } from './service/memory.js';
import { overloadBenchmark } from './service/overload.js';
import { sizeBenchmark } from './program/size.js';
import { figuresOf, renderStanding, type Figures } from './report/standing.js';
import { startBenchmark } from './program/start.js';
import { swapsBenchmark } from './service/swaps.js';
import { trainingBenchmark } from './models/training.js';
import { plainTypescriptBenchmark } from './models/plain-typescript.js';

const BENCHMARKS: readonly Benchmark[] = [
  trainingBenchmark,
  inferenceBenchmark,
  plainTypescriptBenchmark,
  picturesBenchmark,
  largePicturesBenchmark,
  capacityBenchmark,
  connectionsBenchmark,
  latencyBenchmark,
  startBenchmark,
  sizeBenchmark,
];
/** Those that take minutes or need data sets of their own, and run only when they are named. */
const LONG_BENCHMARKS: readonly Benchmark[] = [
  handsBenchmark,
  overloadBenchmark,
  abandonedBenchmark,
  faultsBenchmark,
  memoryBenchmark,
  swapsBenchmark,
];

const PAGE = fileURLToPath(new URL('../docs/notebook/benchmarks.md', import.meta.url));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, model: { type: 'string' } },
    allowPositionals: true,
  });
  const { quick, model } = values;
  const isRecorded = !quick && model === undefined;
  const figures: Figures[] = [];
  const refusals: string[] = [];
  for (const benchmark of benchmarksNamed(positionals)) {
    console.error(`${benchmark.name}: ${benchmark.question}`);
    const refusal = isRecorded ? refusalToRecord(benchmark, await busyShare(1000)) : null;
    if (refusal !== null) console.error(refusal);
    const result = await benchmark.run({ quick, ...(model !== undefined && { model }) });
    const section = renderSection(benchmark.question, result, {
      machine: describeMachine(),
      date: new Date(),
    });
    console.log(`\n${await asMarkdown(section)}`);
    if (refusal !== null) refusals.push(refusal);
    else if (isRecorded) await record(benchmark.name, section);
    if (result.figures) figures.push(result.figures);
  }
  if (figures.length > 0) console.log(`\n${await asMarkdown(renderStanding(Object.assign({}, ...figures)))}`);
  if (refusals.length > 0) throw new InkdigitError('write_failed', refusals.join('\n'));
}

function benchmarksNamed(names: readonly string[]): readonly Benchmark[] {
  if (names.length === 0) return BENCHMARKS;
  const all = [...BENCHMARKS, ...LONG_BENCHMARKS];
  return names.map((name) => {
    const benchmark = all.find((candidate) => candidate.name === name);
    if (benchmark) return benchmark;
    const known = all.map((candidate) => candidate.name).join(', ');
    throw new InkdigitError(
      'invalid_option',
      `There is no benchmark ${JSON.stringify(name)}; expected some of ${known}.`,
    );
  });
}

async function record(name: string, section: string): Promise<void> {
  const measured = replaceSection(await readFile(PAGE, 'utf8'), name, section);
  const page = replaceSection(measured, 'standing', renderStanding(figuresOf(measured)));
  await writeFile(PAGE, await asMarkdown(page));
}

/** As the formatting check wants it, prose in lines of its width. */
async function asMarkdown(text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown', proseWrap: 'always' });
}

try {
  await main();
} catch (error) {
  if (!(error instanceof InkdigitError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
