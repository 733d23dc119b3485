import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { runsLong } from '../../helpers/runner/long.js';

const BENCH = fileURLToPath(new URL('../../../scripts/bench.mjs', import.meta.url));

/** The cells of the rows of all tables whose line has a name in it. */
function cellsIn(markdown: string): (name: RegExp) => string[][] {
  const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
  return (name) =>
    rows.filter((row) => name.test(row)).map((row) => row.split('|').map((cell) => cell.trim()));
}

it('measures the one that is named, and prints its table', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [BENCH, 'size', '--quick']);
  expect(cellsIn(stdout)(/onnxruntime-node/)).toHaveLength(1);
});

// Three services and two generators of load start for it.
it.skipIf(!runsLong)(
  'measures in full the service, its bounds, and where it stands',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [BENCH, 'capacity', '--quick']);
    const cellsOf = cellsIn(stdout);
    const service = cellsOf(/inkdigit serve/);
    // PNG and JPEG, one image and 64 a request; and one PNG file a request on fewer connections.
    expect(service).toHaveLength(6);
    expect(service.filter((cells) => /^\d+ %$/.test(cells[9] ?? ''))).toHaveLength(4);
    // What says why it is not there, where it is not.
    expect(cellsOf(/^\| Rust: axum/).length).toBeGreaterThan(0);
    expect(cellsOf(/^\| Python: FastAPI/).length).toBeGreaterThan(0);
    expect(cellsOf(/^\| upper bound/)).toHaveLength(2);
    expect(cellsOf(/^\| baseline/)).toHaveLength(4);
    expect(cellsOf(/per request \/ upper bound/)[0]?.[4]).toMatch(/^\d+ %$/);
  },
  120_000,
);
