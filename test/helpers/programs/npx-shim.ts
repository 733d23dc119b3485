import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../../bin/inkdigit.mjs', import.meta.url));

/**
 * The path on which `npx inkdigit …` is found first as a script that starts this command. It does what npm's own would,
 * which takes longer to find the command than most commands to run.
 * @param folder where the script is put
 */
export function pathWithNpx(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const script = join(folder, 'npx');
  writeFileSync(
    script,
    `#!/bin/sh\n[ "$1" = inkdigit ] || exit 127\nshift\nexec "${process.execPath}" "${bin}" "$@"\n`,
  );
  chmodSync(script, 0o755);
  return `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
}
