import { resolve } from 'node:path';
import { InkdigitError } from '../../errors.js';
import { ModelStore } from '../../store/model-store.js';
import { readStatuses, type ServiceStatus } from '../../store/service-status.js';
import type { StoredVersion } from '../../store/version-log.js';
import type { CommandIo } from '../terminal/command-io.js';
import { visibleLine } from '../../visible-text.js';

/** What every command of a store takes. */
export interface StoreCommandOptions {
  readonly models?: string;
  readonly json?: boolean;
}

/** @throws InkdigitError `invalid_option` where none was named */
export function storeOf({ models }: Pick<StoreCommandOptions, 'models'>): ModelStore {
  if (models !== undefined) return new ModelStore(resolve(models));
  throw new InkdigitError(
    'invalid_option',
    'Which store? Name its folder by --models DIR or INKDIGIT_MODELS_DIR.',
  );
}

/** `inkdigit models list` */
export async function listModels(options: StoreCommandOptions, io: CommandIo): Promise<void> {
  const store = storeOf(options);
  const { versions, current } = await store.list();
  const services = await readStatuses(store.dir);
  if (options.json) {
    io.stdout.write(
      `${JSON.stringify(
        {
          current: current?.version ?? null,
          previous: current?.previous ?? null,
          versions: versions.map((version) => ({
            ...version,
            current: version.version === current?.version,
            state: statesOf(version.version, services),
          })),
          services,
        },
        null,
        2,
      )}\n`,
    );
    return;
  }
  if (versions.length === 0) {
    io.stdout.write(`No version in ${store.dir}. inkdigit models add FILE adds one.\n`);
    return;
  }
  const rows = versions.map((version) => rowOf(version, current?.version, services));
  io.stdout.write(tableOf([['', 'version', 'added', 'size', 'SHA-256', 'name'], ...rows]));
  for (const { version } of versions) {
    for (const state of statesOf(version, services))
      io.stdout.write(`version ${version}: ${visibleLine(state)}\n`);
  }
  if (services.length === 0) io.stdout.write('No service watches this store.\n');
}

/** `inkdigit models remove` */
export async function removeModel(
  number: number,
  options: StoreCommandOptions,
  io: CommandIo,
): Promise<void> {
  const store = storeOf(options);
  const inUse = new Map<number, string>();
  for (const service of await readStatuses(store.dir)) {
    const name = `${service.host}:${service.port}`;
    inUse.set(service.serving, `${name} serves it`);
    if (service.shadow !== null) inUse.set(service.shadow, `${name} compares with it`);
  }
  await store.remove(number, inUse);
  io.stdout.write(`removed version ${number}\n`);
}

/** What services make of a version, in words. */
export function statesOf(version: number, services: readonly ServiceStatus[]): string[] {
  return services.flatMap((service) => {
    const { host, port, pid, serving, previous, shadow, refused, state } = service;
    const name = `${host}:${port} (process ${pid})`;
    return [
      ...(serving === version
        ? [`serves on ${name}${state === 'serving' ? '' : `, which is ${state} another`}`]
        : []),
      ...(previous === version ? [`kept for a rollback on ${name}`] : []),
      ...(shadow === version ? [`compared on ${name}`] : []),
      ...(refused?.version === version ? [`refused by ${name}: ${refused.reason}`] : []),
    ];
  });
}

function rowOf(
  { version, added, bytes, sha256, name, networks }: StoredVersion,
  current: number | undefined,
  services: readonly ServiceStatus[],
): string[] {
  const isServed = services.some(({ serving }) => serving === version);
  const mark = version === current ? '*' : isServed ? '+' : '';
  const others = networks.filter((role) => role !== 'model');
  return [
    mark,
    String(version),
    added.slice(0, 19).replace('T', ' '),
    `${(bytes / 1e6).toFixed(2)} MB`,
    sha256.slice(0, 12),
    visibleLine(others.length > 0 ? `${name} (with ${others.join(', ')})` : name),
  ];
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
