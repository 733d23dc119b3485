import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { wholeNumber } from '../src/cli/options/declare-option.js';
import { Connection } from './connection.js';
import { drawCorpus } from './images.js';
import { judge, runFuzz, type Finding, type FuzzReport } from './run.js';
import { startService } from './service.js';

interface MainOptions {
  readonly requests: number;
  readonly seed: number;
  readonly connections: number;
  readonly slowMs: number;
  readonly out: string;
  readonly replay?: string;
}

/**
 * Resident memory of the worker that may come after the warm-up, in megabytes: what pictures of 25 million pixels leave
 * with the allocator. Three kilobytes lost a request would show in a hundred thousand.
 */
const MAX_GROWTH_MEGABYTES = 250;

const options = new Command('fuzz')
  .description('Sends hostile requests to a service of its own and judges every answer.')
  .option('--requests <count>', 'how many', wholeNumber(1), 1_000_000)
  .option('--seed <number>', 'which; the same seed sends the same', wholeNumber(0), 1)
  .option('--connections <count>', 'requests in flight at once', wholeNumber(1, 256), 4)
  .option('--slow-ms <ms>', 'an answer that takes longer is a finding', wholeNumber(1), 1_000)
  .option('--out <file>', 'where findings are written', 'fuzz-findings.jsonl')
  .option('--replay <file>', 'send only the findings of this file again')
  .parse()
  .opts<MainOptions>();

const service = await startService(1);
try {
  process.exitCode = options.replay === undefined ? await fuzz() : await replay(options.replay);
} finally {
  await service.stop();
}

async function fuzz(): Promise<number> {
  const startedMs = Date.now();
  const report = await runFuzz(service, await drawCorpus(), {
    ...options,
    onProgress: (done, findings) => {
      const perSecond = Math.round((1000 * done) / (Date.now() - startedMs));
      process.stderr.write(
        `${done} of ${options.requests}, ${perSecond}/s, ${findings} findings, ${service.workerMegabytes()} MB\n`,
      );
    },
  });
  const faults = [
    ...report.findings.map(({ index, fault }) => `request ${index}: ${fault}`),
    ...faultsOfService(report),
  ];
  process.stdout.write(summary(report));
  for (const fault of faults.slice(0, 20)) process.stdout.write(`  ${fault.slice(0, 300)}\n`);
  process.stdout.write(`${faults.length} findings (seed ${options.seed})\n`);
  if (report.findings.length > 0) {
    writeFileSync(options.out, report.findings.map((finding) => `${lineOf(finding)}\n`).join(''));
    process.stdout.write(
      `Written to ${options.out}; npm run fuzz -- --replay ${options.out} sends them again.\n`,
    );
  }
  return faults.length > 0 ? 1 : 0;
}

function faultsOfService({ megabytes, slowestLivezMs }: FuzzReport): string[] {
  const { warm, end } = megabytes;
  const faults = service.complaints.map((line) => `the service's log: ${line}`);
  if (service.hasEnded) faults.push('the service ended');
  if (slowestLivezMs > options.slowMs) faults.push(`/livez took ${Math.round(slowestLivezMs)} ms`);
  if (warm !== null && end !== null && end - warm > MAX_GROWTH_MEGABYTES) {
    faults.push(`the worker grew from ${warm} to ${end} MB`);
  }
  return faults;
}

function summary({
  requests,
  byStatus,
  byKind,
  leaving,
  slowest,
  megabytes,
  slowestLivezMs,
}: FuzzReport): string {
  const list = (counts: ReadonlyMap<number | string, number>): string =>
    [...counts].toSorted((a, b) => b[1] - a[1]).map(([key, count]) => `${key}: ${count}`).join(', '); // prettier-ignore
  return (
    `${requests} requests\n` +
    `  by status (0: no answer, as the request was cut or the client left): ${list(byStatus)}\n` +
    `  by kind: ${list(byKind)}\n` +
    `  clients that were to leave early: ${leaving}\n` +
    `  slowest answer: ${Math.round(slowest.ms)} ms (${slowest.kind}, request ${slowest.index}); slowest /livez: ` +
    `${Math.round(slowestLivezMs)} ms\n` +
    `  the worker's memory: ${megabytes.warm} MB warm, ${megabytes.end} MB at the end\n`
  );
}

function lineOf({ index, fault, request }: Finding): string {
  return JSON.stringify({ index, fault, ...request, bytes: request.bytes.toString('base64') });
}

async function replay(file: string): Promise<number> {
  const connection = new Connection(service.port, 20_000);
  let failed = 0;
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const { index, ...kept } = JSON.parse(line);
    const startedMs = performance.now();
    const { answer, fault } = await judge(connection, { ...kept, bytes: Buffer.from(kept.bytes, 'base64') });
    const ms = Math.round(performance.now() - startedMs);
    const found = fault ?? (ms > options.slowMs ? `took ${ms} ms` : null);
    if (found !== null) failed += 1;
    process.stdout.write(
      `request ${index}: ${answer?.status ?? 'no answer'} in ${ms} ms, ${found ?? 'as it should be'}\n`,
    );
  }
  connection.close();
  for (const line of service.complaints) process.stdout.write(`the service's log: ${line}`);
  return failed > 0 ? 1 : 0;
}
