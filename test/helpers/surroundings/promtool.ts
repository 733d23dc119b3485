import { spawnSync } from 'node:child_process';

/** Prometheus' own checker: Debian's package `prometheus` brings it, `PROMTOOL` names another. */
const PROMTOOL = process.env['PROMTOOL'] || 'promtool';

/** Whether it can be run here. */
export const hasPromtool = spawnSync(PROMTOOL, ['--version']).status === 0;

/** Runs it. @returns its exit status and all that it said */
export function promtool(args: readonly string[], input = ''): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(PROMTOOL, args, { input, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}
