import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startServer, type ServerProcess } from '../serving/server-process.js';

// Other servers of the same model, which are no part of this project: their sources are kept beside the clone.

const FOLDER = process.env['PEERS_DIR'] || fileURLToPath(new URL('../../../shared/peers', import.meta.url));
const NATIVE = join(FOLDER, 'axum-ort');
const PYTHON_PEER = join(FOLDER, 'fastapi-onnx');

/** Has PyPI's `onnxruntime`, and what the peer in Python imports. */
const PYTHON = process.env['PEERS_PYTHON'] || 'python3';

/** Where cargo builds. */
const BUILD = fileURLToPath(new URL('../../node_modules/.cache/axum-ort', import.meta.url));

const PACKAGES = "onnxruntime fastapi 'uvicorn[standard]' pillow numpy";

const SOURCES_MISSING = 'skipped: its sources are not there (PEERS_DIR names their folder)';

/** A server that may not be there to be measured. */
export interface ModelPeer {
  readonly name: string;
  /** @returns why it cannot be measured here; `null` where it can */
  readonly whyNot: () => string | null;
  /** Starts it, with a core for each of as many threads or processes. @param model the path of an ONNX file */
  readonly start: (cores: number, model: string) => Promise<ServerProcess>;
}

/** Rust: axum, image, ort; one process, one thread per core. */
export const NATIVE_PEER: ModelPeer = {
  name: 'Rust: axum, image, ONNX Runtime, the same model',
  whyNot() {
    if (!existsSync(NATIVE)) return SOURCES_MISSING;
    if (runtimeLibrary() === undefined) {
      return "skipped: it needs ONNX Runtime's library (pip install onnxruntime, for PEERS_PYTHON; or ORT_DYLIB_PATH)";
    }
    return spawnSync('cargo', ['--version']).status === 0 ? null : 'skipped: cargo is not installed';
  },
  async start(cores, model) {
    // With their times, by which cargo knows what it has built.
    cpSync(NATIVE, BUILD, { recursive: true, preserveTimestamps: true });
    const target = join(BUILD, 'target');
    const built = spawnSync('cargo', ['build', '--release', '--quiet', '--target-dir', target], {
      cwd: BUILD,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (built.status !== 0) throw new Error(`cargo could not build ${NATIVE}.`);
    const port = await freePort();
    const env = {
      PORT: String(port),
      THREADS: String(cores),
      MODEL: model,
      ORT_DYLIB_PATH: runtimeLibrary() ?? '',
      ORT_DISABLE_TELEMETRY: '1',
    };
    return startServer({ file: join(target, 'release', 'axum-ort'), args: [], env }, port, 'livez');
  },
};

/** Python: FastAPI, Pillow, ONNX Runtime; one process per core. */
export const FASTAPI_PEER: ModelPeer = {
  name: 'Python: FastAPI, Pillow, ONNX Runtime, the same model',
  whyNot() {
    if (!existsSync(PYTHON_PEER)) return SOURCES_MISSING;
    const { status } = spawnSync(PYTHON, ['-c', 'import fastapi, uvicorn, onnxruntime, PIL, numpy']);
    return status === 0 ? null : `skipped: it needs pip install ${PACKAGES}, for PEERS_PYTHON`;
  },
  async start(cores, model) {
    const port = await freePort();
    const args =
      `-m uvicorn server:app --host 127.0.0.1 --port ${port} --workers ${cores} --no-access-log --log-level warning`
        .split(' ')
        .concat('--app-dir', PYTHON_PEER);
    const env = { MODEL: model, PYTHONDONTWRITEBYTECODE: '1', ORT_DISABLE_TELEMETRY: '1' };
    return startServer({ file: PYTHON, args, env }, port, 'livez');
  },
};

/** ONNX Runtime's library: what `ORT_DYLIB_PATH` names, else that of the Python package. */
function runtimeLibrary(): string | undefined {
  const named = process.env['ORT_DYLIB_PATH'];
  if (named) return named;
  const program = 'import onnxruntime; print(onnxruntime.__path__[0])';
  const { status, stdout } = spawnSync(PYTHON, ['-c', program], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const folder = join(stdout.trim(), 'capi');
  const file = readdirSync(folder).find((name) => /^libonnxruntime\.(so|dylib)/.test(name));
  return file && join(folder, file);
}
