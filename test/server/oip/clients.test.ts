import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endServices, startService, type Service } from '../../helpers/programs/service.js';

/**
 * The clients that people use, from PyPI, where they are installed: `OIP_PYTHON` names the Pythons that have them, with
 * colons between (kserve and mlserver exclude each other); `python3` is asked too.
 */
const PYTHONS = [...(process.env['OIP_PYTHON'] ?? '').split(':').filter(Boolean), 'python3'];

const CLIENTS = {
  'tritonclient.http': 'tritonclient.http, numpy',
  'tritonclient.grpc': 'tritonclient.grpc, numpy',
  kserve: 'kserve.inference_client',
  mlserver: 'mlserver',
  'open-inference-openapi': 'open_inference.openapi.client',
} as const;

const SCRIPT = fileURLToPath(new URL('check-clients.py', import.meta.url));
/** Some take a minute to be imported. */
const TIMEOUT_MS = 300_000;

/** Without loading it, which takes long. */
function pythonWith(modules: string): string | undefined {
  const find = modules
    .split(', ')
    .map((name) => `importlib.util.find_spec(${JSON.stringify(name.split('.')[0])})`);
  const program = `import importlib.util, sys; sys.exit(0 if all([${find.join(', ')}]) else 1)`;
  return PYTHONS.find((python) => spawnSync(python, ['-c', program], { timeout: 60_000 }).status === 0);
}

const found = Object.entries(CLIENTS).map(([name, modules]) => [name, pythonWith(modules)] as const);

describe.skipIf(found.every(([, python]) => python === undefined))(
  'clients of the Open Inference Protocol',
  () => {
    let service: Service;
    let grpcPort: number;
    beforeAll(async () => {
      service = await startService(['--port', '0', '--grpc-port', '0', '--workers', '2']).ready;
      grpcPort = Number((await service.logged((line) => line['msg'] === 'ready'))['grpcPort']);
    }, TIMEOUT_MS);
    afterAll(endServices);

    for (const [name, python] of found) {
      const title =
        python === undefined ? `${name} (not installed: OIP_PYTHON names a Python that has it)` : name;
      it.skipIf(python === undefined)(title, { timeout: TIMEOUT_MS }, async () => {
        const { host } = new URL(service.url);
        const args = [SCRIPT, name, host, `127.0.0.1:${grpcPort}`, 'examples/digits/7.png', '7'];
        const child = spawn(python ?? '', args);
        let said = '';
        for (const stream of [child.stdout, child.stderr]) {
          stream.setEncoding('utf8').on('data', (text: string) => (said += text));
        }
        const [code] = await once(child, 'close');
        expect(code, said).toBe(0);
      });
    }
  },
);
