import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Buildah } from './buildah.js';

// Images in the place of those that the Dockerfile names, for machines that reach no registry of images: made of
// Debian's packages, unpacked.

export const LOCAL_BASE = 'localhost/inkdigit-base';
export const LOCAL_BUILDER = 'localhost/inkdigit-builder';

/** Of this machine, and of the image that npm runs in: those whom registries are vouched for by. */
export const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** What distroless' `cc-debian12` is made of. */
const BASE_PACKAGES =
  'libc6 libgcc-s1 gcc-12-base libstdc++6 tzdata ca-certificates base-files netbase'.split(' ');
/** And what npm wants: a shell and `env`. */
const BUILDER_PACKAGES =
  'libc6 libgcc-s1 gcc-12-base libstdc++6 dash coreutils libacl1 libattr1 libselinux1 libpcre2-8-0 libgmp10'.split(
    ' ',
  );

/** As distroless has them. */
const USERS =
  'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n';

/** Folders that a container runtime mounts something on. */
const MOUNT_POINTS = ['dev', 'proc', 'sys', 'tmp', 'home/nonroot', 'root', 'mnt'];

/**
 * Makes the base image.
 * @param folder of the packages that are downloaded, which are kept, and of what is unpacked, which is not
 */
export function makeBase(buildah: Buildah, folder: string): void {
  const root = unpacked(BASE_PACKAGES, folder, 'base');
  mkdirSync(join(root, 'etc', 'ssl', 'certs'), { recursive: true });
  buildah.imageOf(root, LOCAL_BASE);
  rmSync(root, { recursive: true });
}

/** Makes the image that the application is built in, with Node.js and npm of this machine. */
export function makeBuilder(buildah: Buildah, folder: string): void {
  const root = unpacked(BUILDER_PACKAGES, folder, 'builder');
  const bin = join(root, 'usr', 'local', 'bin');
  mkdirSync(bin, { recursive: true });
  copyNode(bin);
  const npm = dirname(dirname(npmProgram()));
  cpSync(npm, join(root, 'usr', 'local', 'lib', 'node_modules', 'npm'), {
    recursive: true,
    dereference: true,
  });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(bin, 'npm'));
  if (!existsSync(join(root, 'bin', 'sh'))) symlinkSync('dash', join(root, 'bin', 'sh'));
  mkdirSync(dirname(join(root, CERTIFICATES)), { recursive: true });
  copyFileSync(CERTIFICATES, join(root, CERTIFICATES));
  buildah.imageOf(root, LOCAL_BUILDER);
  rmSync(root, { recursive: true });
}

/** Copies the program of Node.js: this one, or that which `NODE_BINARY` names, as its release has it. */
export function copyNode(folder: string): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(process.env['NODE_BINARY'] ?? process.execPath, join(folder, 'node'));
  chmodSync(join(folder, 'node'), 0o755);
}

function npmProgram(): string {
  return execFileSync('realpath', [execFileSync('which', ['npm'], { encoding: 'utf8' }).trim()], {
    encoding: 'utf8',
  }).trim();
}

/** @returns the folder that they were unpacked into */
function unpacked(packages: readonly string[], folder: string, name: string): string {
  const debs = join(folder, 'debs');
  mkdirSync(debs, { recursive: true });
  const there = (): string[] => readdirSync(debs);
  const missing = packages.filter((one) => !there().some((file) => file.startsWith(`${one}_`)));
  // `apt-get download` runs as a user that may not write everywhere.
  if (missing.length > 0) {
    execFileSync('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', ...missing], {
      cwd: debs,
      stdio: 'pipe',
    });
  }
  const root = join(folder, `${name}-root`);
  rmSync(root, { recursive: true, force: true });
  for (const path of MOUNT_POINTS) mkdirSync(join(root, path), { recursive: true });
  for (const one of packages) {
    const deb = there().find((file) => file.startsWith(`${one}_`));
    if (deb === undefined) throw new Error(`Expected Debian's package ${one} in ${debs}, found none.`);
    execFileSync('dpkg-deb', ['--extract', join(debs, deb), root]);
  }
  for (const path of ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/lintian']) {
    rmSync(join(root, path), { recursive: true, force: true });
  }
  chmodSync(join(root, 'tmp'), 0o1777);
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, 'etc', 'passwd'), USERS);
  writeFileSync(join(root, 'etc', 'group'), 'root:x:0:\nnonroot:x:65532:\n');
  return root;
}
