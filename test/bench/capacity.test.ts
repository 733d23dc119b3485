import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const BENCH = fileURLToPath(new URL('../../scripts/bench.mjs', import.meta.url));

it('measures service, upper bound and baseline, and says where the service stands', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [BENCH, 'capacity', 'size', '--quick']);
  const rows = stdout.split('\n').filter((line) => line.startsWith('|'));
  const cellsOf = (name: RegExp): string[][] =>
    rows.filter((row) => name.test(row)).map((row) => row.split('|').map((cell) => cell.trim()));
  const service = cellsOf(/inkdigit serve/);
  // PNG and JPEG, one image and 64 a request; and one PNG file a request on fewer connections.
  expect(service).toHaveLength(6);
  expect(service.filter((cells) => /^\d+ %$/.test(cells[9] ?? ''))).toHaveLength(4);
  // What says why it is not there, where it is not.
  expect(cellsOf(/^\| Rust: axum/).length).toBeGreaterThan(0);
  expect(cellsOf(/^\| Python: FastAPI/).length).toBeGreaterThan(0);
  expect(cellsOf(/^\| upper bound/)).toHaveLength(2);
  expect(cellsOf(/^\| baseline/)).toHaveLength(4);
  expect(cellsOf(/onnxruntime-node/)).toHaveLength(1);
  expect(cellsOf(/per request \/ upper bound/)[0]?.[4]).toMatch(/^\d+ %$/);
}, 120_000);
