import { setTimeout as delay } from 'node:timers/promises';
import type { ModelStore } from '../../store/model-store.js';
import type { Pointer } from '../../store/pointer.js';
import { readStatuses, type ServiceStatus } from '../../store/service-status.js';
import type { CommandIo } from '../terminal/command-io.js';
import { visibleLine } from '../../visible-text.js';
import { storeOf, type StoreCommandOptions } from './store-commands.js';

export interface SwitchOptions extends StoreCommandOptions {
  readonly wait?: boolean;
  readonly timeoutMs: number;
}

/** `inkdigit models use` */
export async function useModel(number: number, options: SwitchOptions, io: CommandIo): Promise<void> {
  const store = storeOf(options);
  await tell(store, await store.use(number), options, io);
}

/** `inkdigit models rollback` */
export async function rollBack(options: SwitchOptions, io: CommandIo): Promise<void> {
  const store = storeOf(options);
  await tell(store, await store.rollback(), options, io);
}

async function tell(
  store: ModelStore,
  pointer: Pointer,
  { wait = false, timeoutMs }: SwitchOptions,
  io: CommandIo,
): Promise<void> {
  const { version, previous } = pointer;
  io.stdout.write(`version ${version} is current${previous === null ? '' : `; before it: ${previous}`}\n`);
  const services = await readStatuses(store.dir);
  if (services.length === 0) {
    io.stdout.write('No service watches this store; the next one that starts serves it.\n');
  } else if (wait) {
    await waitForAll(store, pointer, timeoutMs, io);
  } else {
    const count = services.length === 1 ? '1 service tries' : `${services.length} services try`;
    io.stdout.write(`${count} it now; inkdigit models list shows what became of it.\n`);
  }
}

const LOOK_MS = 50;

/** Says of each service whether it serves the version, when that is settled. */
async function waitForAll(
  store: ModelStore,
  pointer: Pointer,
  timeoutMs: number,
  io: CommandIo,
): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  const told = new Set<string>();
  for (;;) {
    const services = await readStatuses(store.dir);
    const open = services.filter((service) => !isSettled(service, pointer));
    for (const service of services) {
      const name = `${service.host}:${service.port} (process ${service.pid})`;
      if (told.has(name) || !isSettled(service, pointer)) continue;
      told.add(name);
      const { refused } = service;
      if (refused?.choice === pointer.id) {
        io.stderr.write(
          `inkdigit: ${name} goes on with version ${service.serving}: ${visibleLine(refused.reason)}\n`,
        );
        io.exitCode = 1;
      } else io.stdout.write(`${name} serves version ${service.serving}\n`);
    }
    if (open.length === 0) return;
    if (performance.now() > endMs) {
      for (const { host, port, state } of open) {
        io.stderr.write(
          `inkdigit: ${host}:${port} does not serve it after ${timeoutMs} ms; it is ${state}.\n`,
        );
      }
      io.exitCode = 1;
      return;
    }
    await delay(LOOK_MS);
  }
}

function isSettled({ choice, state, refused, serving }: ServiceStatus, { id, version }: Pointer): boolean {
  if (choice !== id || state !== 'serving') return false;
  return refused?.choice === id || serving === version;
}
