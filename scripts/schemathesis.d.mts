/** How to start it; `null` where it is not installed. */
export function findSchemathesis(): string | null;

/** Asks a service; the status is 0 where nothing was found. */
export function runSchemathesis(
  program: string,
  url: string,
  args?: readonly string[],
): Promise<{ readonly status: number | null; readonly said: string }>;
