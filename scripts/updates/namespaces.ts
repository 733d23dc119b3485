import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

/** Why hosts cannot be made here; `null` where they can. @param proxies programs that are needed besides */
export function whyNoHosts(proxies: readonly string[]): string | null {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const missing = ['ip', ...proxies].filter((name) => spawnSync('which', [name]).status !== 0);
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  const name = `inkdigit-try-${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0) return 'this machine makes no network namespaces';
  spawnSync('ip', ['netns', 'delete', name]);
  return null;
}

/** A host of its own: a network namespace, which has a cable to the balancer's. */
export interface Host {
  readonly namespace: string;
  /** As the balancer knows it, `inkdigit-1`. */
  readonly name: string;
  readonly address: string;
}

/** A balancer with hosts behind it, none of which reaches anything else. */
export interface Network {
  /** The balancer's namespace. */
  readonly balancer: string;
  readonly hosts: readonly Host[];
  /** Ends all processes in it, and takes it down. */
  close(): void;
}

/**
 * Makes the namespaces. In the balancer's the names of the hosts resolve.
 * @param count of hosts behind the balancer
 * @throws Error where the system refuses
 */
export function makeNetwork(count: number): Network {
  // Names of links have 15 characters at most.
  const own = `ink${process.pid}`;
  const balancer = `${own}-lb`;
  const hosts = Array.from({ length: count }, (_, i): Host => {
    return { namespace: `${own}-${i + 1}`, name: `inkdigit-${i + 1}`, address: `10.77.${i + 1}.2` };
  });
  const close = (): void => {
    for (const namespace of [...hosts.map((host) => host.namespace), balancer]) {
      for (const pid of processesIn(namespace)) tryTo(() => process.kill(pid, 'SIGKILL'));
      spawnSync('ip', ['netns', 'delete', namespace]);
    }
    rmSync(`/etc/netns/${balancer}`, { recursive: true, force: true });
  };
  try {
    mkdirSync(`/etc/netns/${balancer}`, { recursive: true });
    const names = hosts.map(({ address, name }) => `${address} ${name}\n`).join('');
    writeFileSync(`/etc/netns/${balancer}/hosts`, `127.0.0.1 localhost\n${names}`);
    writeFileSync(`/etc/netns/${balancer}/resolv.conf`, 'nameserver 127.0.0.1\n');
    for (const namespace of [balancer, ...hosts.map((host) => host.namespace)]) {
      ip('netns', 'add', namespace);
      inside(namespace, 'link', 'set', 'lo', 'up');
    }
    for (const [i, { namespace, address }] of hosts.entries()) {
      const [here, there] = [`${own}a${i}`, `${own}b${i}`];
      ip('link', 'add', here, 'netns', balancer, 'type', 'veth', 'peer', 'name', there, 'netns', namespace);
      inside(balancer, 'address', 'add', `10.77.${i + 1}.1/30`, 'dev', here);
      inside(namespace, 'address', 'add', `${address}/30`, 'dev', there);
      inside(balancer, 'link', 'set', here, 'up');
      inside(namespace, 'link', 'set', there, 'up');
    }
    return { balancer, hosts, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Processes of a namespace. */
export function processesIn(namespace: string): number[] {
  const { stdout } = spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number);
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}

function inside(namespace: string, ...args: readonly string[]): void {
  ip('-netns', namespace, ...args);
}

function tryTo(action: () => void): void {
  try {
    action();
  } catch {
    // It has ended by itself.
  }
}
