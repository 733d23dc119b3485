import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Why images cannot be built and run here without a daemon; `null` where they can. */
export function whyNoImages(): string | null {
  if (process.platform !== 'linux') return 'images are built on Linux';
  if (process.getuid?.() !== 0) return 'building without a daemon needs root';
  const missing = ['buildah', 'unshare', 'nsenter', 'chroot', 'dpkg-deb', 'apt-get'].filter(
    (name) => spawnSync('which', [name]).status !== 0,
  );
  if (missing.length > 0) return `not installed: ${missing.join(', ')} (Debian: apt-get install buildah)`;
  const namespaces = ['--mount', '--pid', '--fork', '--propagation', 'private', 'true'];
  return spawnSync('unshare', namespaces).status === 0 ? null : 'this machine makes no namespaces';
}

/** What an image says of itself, in the words of Docker's format. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

/** Buildah with a storage of its own in a folder, so that no image of the machine is touched. */
export class Buildah {
  readonly #folder: string;
  readonly #says: (line: string) => void;

  /** @param says is called with what is run */
  constructor(folder: string, says: (line: string) => void = () => {}) {
    this.#folder = folder;
    this.#says = says;
    mkdirSync(folder, { recursive: true });
  }

  /** @returns what it wrote to stdout. @throws Error with all it wrote, where it failed */
  run(...args: readonly string[]): string {
    this.#says(`buildah ${args.slice(0, 1).join(' ')} …`);
    const storage = ['--storage-driver', 'vfs', '--root', this.#at('storage'), '--runroot', this.#at('run')];
    const { status, stdout, stderr } = spawnSync('buildah', [...storage, ...args], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      env: { ...process.env, BUILDAH_ISOLATION: 'chroot' },
    });
    if (status === 0) return stdout.trim();
    throw new Error(`buildah ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`.slice(-8000));
  }

  #at(name: string): string {
    return join(this.#folder, name);
  }

  /** Makes an image of the files of a folder. */
  imageOf(folder: string, name: string): void {
    const container = this.run('from', 'scratch');
    this.run('copy', '--quiet', container, folder, '/');
    this.run('commit', '--quiet', '--timestamp', '0', '--format', 'docker', container, name);
    this.run('rm', container);
  }

  /**
   * Builds a Dockerfile. Without times, so that the same files give the same image; in Docker's format, as OCI's has
   * no health check.
   */
  build(context: string, dockerfile: string, name: string, args: readonly string[] = []): void {
    const same = ['--timestamp', '0', '--format', 'docker', '--no-cache', '--layers=false', '--pull-never'];
    const built = ['--network', 'host', '--file', dockerfile, '--tag', name];
    this.run('bud', '--quiet', ...same, ...built, ...args, context);
  }

  /**
   * In OCI's format: in Docker's, Buildah writes down the name of the container that it built in, which is another one
   * each time.
   * @returns the digest of the image as a registry would have it, and the bytes that are sent there
   */
  push(name: string, folder: string): { readonly digest: string; readonly bytes: number } {
    this.run('push', '--quiet', '--format', 'oci', name, `dir:${folder}`);
    const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8');
    const { config, layers } = JSON.parse(manifest) as {
      config: { digest: string };
      layers: { digest: string }[];
    };
    const bytes = [config, ...layers].reduce(
      (sum, { digest }) => sum + statSync(join(folder, digest.replace('sha256:', ''))).size,
      0,
    );
    const [digest = ''] = execFileSync('sha256sum', [join(folder, 'manifest.json')], {
      encoding: 'utf8',
    }).split(' ');
    return { digest: `sha256:${digest}`, bytes };
  }

  config(name: string): ImageConfig {
    const { Docker } = JSON.parse(this.run('inspect', '--type', 'image', name)) as {
      Docker: { config: ImageConfig };
    };
    return Docker.config;
  }

  /** @returns the folder where the files of the image lie until `unmount` */
  mount(name: string): { readonly root: string; readonly unmount: () => void } {
    const container = this.run('from', '--pull-never', name);
    return { root: this.run('mount', container), unmount: () => void this.run('rm', container) };
  }
}
