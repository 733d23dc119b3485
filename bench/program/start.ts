import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { request } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { shippedModelPath } from '../../src/model/model-paths.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { peerCommand, whyNoFlask } from '../peers/flask-peer.js';
import { drawImages, requestBodies } from '../inputs/images.js';
import { freePort, type Command } from '../serving/server-process.js';
import { CLASSIFY_PATH, SERVICE_READY, serviceCommand } from '../serving/service.js';
import { summarize } from '../measuring/statistics.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Between two attempts to get an answer. */
const ATTEMPT_EVERY_MS = 5;
const START_TIMEOUT_MS = 60_000;

interface Start {
  /** Until it said that every worker is ready; `NaN` where it does not say so. */
  readonly readyMs: number;
  /** Until the first right answer. */
  readonly answerMs: number;
}

interface Contender {
  readonly name: string;
  readonly command: (port: number) => Command;
  readonly readyText: RegExp | null;
  /** What the answer has to be like. */
  readonly isRight: (body: string) => boolean;
}

/** `npm run bench -- start` */
export const startBenchmark: Benchmark = {
  name: 'start',
  question: 'How soon after its start does the service answer?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const rounds = quick ? 1 : 7;
  const images = await drawImages('PNG', model);
  const [first] = requestBodies(images, 1);
  const body = Buffer.from(first?.body ?? []);
  const isDigit = (answer: string): boolean => answer.includes(`"class":${first?.classes[0]}`);
  const installed = installCopy();
  try {
    const whyNoPeer = whyNoFlask();
    const contenders: Contender[] = [
      {
        name: 'inkdigit serve, as installed',
        command: (port) => serviceCommand(port, model, join(installed, 'bin', 'inkdigit.mjs')),
        readyText: SERVICE_READY,
        isRight: isDigit,
      },
      {
        name: 'inkdigit serve, in a clone that was built',
        command: (port) => serviceCommand(port, model),
        readyText: SERVICE_READY,
        isRight: isDigit,
      },
      {
        name: 'Flask, gunicorn, PyTorch',
        command: (port) => peerCommand(port, availableParallelism(), 'channels_last'),
        readyText: null,
        // Its weights are random.
        isRight: (answer) => answer.includes('"class":'),
      },
    ];
    const measured = whyNoPeer === null ? contenders : contenders.slice(0, -1);
    // The first start brings the files into the system's cache.
    for (const contender of measured) await timeStart(contender, body);
    const starts = measured.map((): Start[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [index, contender] of measured.entries())
        starts[index]?.push(await timeStart(contender, body));
    }
    const ready = starts[0]?.map(({ readyMs }) => readyMs / 1000) ?? [];
    return {
      method:
        'Seconds from the start of the process: until the first right answer to one image, asked for every ' +
        `${ATTEMPT_EVERY_MS} ms, and until ` +
        `it says that it is ready, with ${availableParallelism()} workers each. ${rounds} starts of each, taken ` +
        'in turn in one run, after one that is not counted.',
      columns: ['what', 'first answer, s', 'min to max', 'every worker ready, s', 'min to max'],
      rows: [
        ...measured.map(({ name }, index) => {
          const own = starts[index] ?? [];
          return [
            name,
            ...cells(own.map(({ answerMs }) => answerMs)),
            ...cells(own.map(({ readyMs }) => readyMs)),
          ];
        }),
        ...(whyNoPeer === null ? [] : [[contenders.at(-1)?.name ?? '', whyNoPeer, '', '', '']]),
      ],
      notes: ['In a clone every start first makes sure that the build is that of the sources.'],
      figures: { readySeconds: summarize(ready).median },
    };
  } finally {
    rmSync(installed, { recursive: true });
  }
}

function cells(samplesMs: readonly number[]): string[] {
  if (!samplesMs.every(Number.isFinite)) return ['', ''];
  const { median, min, max } = summarize(samplesMs.map((ms) => ms / 1000));
  return [median.toFixed(2), `${min.toFixed(2)} to ${max.toFixed(2)}`];
}

/** The package as it is installed: the same files, without sources to build from. */
function installCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-installed-'));
  for (const name of ['bin', 'dist', 'models', 'package.json']) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function timeStart({ name, command, readyText, isRight }: Contender, body: Buffer): Promise<Start> {
  const port = await freePort();
  const { file, args, env } = command(port);
  const startedMs = performance.now();
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  let said = '';
  let readyMs = NaN;
  const isReady = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (!Number.isNaN(readyMs) || !readyText?.test(said)) return;
      readyMs = performance.now() - startedMs;
      resolve();
    });
  });
  try {
    let answer = await attempt(port, body);
    while (answer === null || !isRight(answer)) {
      if (child.exitCode !== null || performance.now() - startedMs > START_TIMEOUT_MS) {
        throw new Error(`Expected an answer of ${name}, got ${answer ?? 'none'}. It said: ${said.trim()}`);
      }
      await delay(ATTEMPT_EVERY_MS);
      answer = await attempt(port, body);
    }
    const answerMs = performance.now() - startedMs;
    if (readyText) await Promise.race([isReady, ended]);
    return { readyMs, answerMs };
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** @returns the answer's body; `null` where there was no connection or another status than 200 */
async function attempt(port: number, body: Buffer): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path: CLASSIFY_PATH,
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('end', () => resolve(response.statusCode === 200 ? text : null));
        response.on('error', () => resolve(null));
      },
    );
    asked.on('error', () => resolve(null));
    asked.end(body);
  });
}
