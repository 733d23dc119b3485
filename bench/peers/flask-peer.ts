import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { networkByName } from '../../src/network/networks.js';
import { PYTHON, whyNoTorch } from './torch-peer.js';
import { freePort, startServer, type Command, type ServerProcess } from '../serving/server-process.js';

const FOLDER = fileURLToPath(new URL('./', import.meta.url));
const PROBE = 'import flask, gunicorn, numpy, PIL; print(flask.__version__, gunicorn.__version__)';

/** As Debian has them: apt-get install python3-flask gunicorn python3-pil python3-torch. */
const SKIPPED = 'skipped: it needs Flask, gunicorn, Pillow and PyTorch';

/** What gunicorn says when it listens; the workers come after it. */
const READY = /Booting worker/;

/** @returns why the peer cannot be measured here; `null` where it can */
export function whyNoFlask(): string | null {
  const { status } = spawnSync(PYTHON, ['-c', PROBE]);
  if (status !== 0) return SKIPPED;
  return whyNoTorch();
}

/** How pictures lie in PyTorch's memory: `contiguous_format` unless a program says otherwise; the other is faster. */
export type PeerLayout = 'contiguous_format' | 'channels_last';

/** gunicorn with workers that keep connections, as one thread each: its other workers close them. */
export function peerCommand(port: number, workers: number, layout: PeerLayout): Command {
  return {
    file: PYTHON,
    args: `-m gunicorn --bind 127.0.0.1:${port} --workers ${workers} --worker-class gthread --threads 1 --keep-alive 60`
      .split(' ')
      .concat('--chdir', FOLDER, 'serve_flask:app'),
    env: {
      NETWORK: JSON.stringify(networkByName('baseline').layers),
      MEMORY_FORMAT: layout,
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  };
}

export async function startFlaskPeer(workers: number, layout: PeerLayout): Promise<ServerProcess> {
  const port = await freePort();
  return startServer(peerCommand(port, workers, layout), port, READY);
}
