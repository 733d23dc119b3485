import { vi } from 'vitest';

/**
 * How long a test waits for what it has caused, in milliseconds. It bounds a hang alone: a busy machine takes ten
 * times as long as an idle one, and is no reason to fail. vitest.config.ts has the same for whole tests.
 */
const PATIENCE_MS = 120_000;

// `vi.waitFor` gives up after a second, and has no setting for that.
const { waitFor } = vi;
vi.waitFor = (check, options = PATIENCE_MS) => waitFor(check, options);
