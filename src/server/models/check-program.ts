import { InkdigitError, messageOf, type ErrorCode } from '../../errors.js';
import { ModelStore } from '../../store/model-store.js';
import { checkVersion, type CheckReport } from './check-version.js';
import type { VersionRef } from './held-models.js';
import type { CheckLimits } from './store-settings.js';

// The program of a process that tries one version and ends: whatever a bad model does, it does here.

/** What is to be tried; sent to the process once it runs. */
export interface CheckTask {
  readonly dir: string;
  readonly candidate: VersionRef;
  readonly serving: VersionRef | null;
  readonly limits: CheckLimits;
}

/** What comes back. */
export type CheckOutcome =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'passed'; readonly report: CheckReport }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };

async function check({ dir, candidate, serving, limits }: CheckTask): Promise<CheckOutcome> {
  try {
    const store = new ModelStore(dir);
    const networks = await store.openContent(candidate.sha256);
    // Also what is open in the workers, which they do not read again, but one that starts later does.
    await networks.readAll();
    const served = serving && ([serving, await store.openContent(serving.sha256)] as const);
    return { kind: 'passed', report: await checkVersion(candidate, networks, served, limits) };
  } catch (thrown) {
    const code = thrown instanceof InkdigitError ? thrown.code : 'internal';
    return { kind: 'refused', code, message: messageOf(thrown) };
  }
}

function tell(outcome: CheckOutcome, sent: () => void = () => {}): void {
  process.send?.(outcome, undefined, undefined, sent);
}

process.on('message', (task: CheckTask) => {
  void check(task).then((outcome) => tell(outcome, () => process.exit(0)));
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal, and the end of the terminal, reach every process of the service.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
tell({ kind: 'loaded' });
