// `npm run check:updates`: two services on hosts of their own (network namespaces) behind HAProxy, then behind nginx,
// each replaced by SIGTERM and by SIGKILL while clients ask; says what became of every request. `--quick`: HAProxy
// alone, each replaced once; `--proxy=nginx`: that alone. Needs root, iproute2, haproxy and nginx; reaches no other
// machine.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureReady } from '../setup.mjs';

ensureReady();

const { register } = await import('tsx/esm/api');
register();
const { makeNetwork, whyNoHosts } = await import('../updates/namespaces.ts');

const isQuick = process.argv.includes('--quick');
const [only] = process.argv.flatMap((argument) => /^--proxy=(.*)$/.exec(argument)?.[1] ?? []);
const proxies = only ? [only] : isQuick ? ['haproxy'] : ['haproxy', 'nginx'];
const inside = process.argv.find((argument) => argument.startsWith('--inside='));
const say = (line) => console.log(line);

if (inside) {
  const { checkUpdates, judge } = await import('../updates/check-updates.ts');
  const hosts = JSON.parse(inside.slice('--inside='.length));
  const faults = [];
  for (const proxy of proxies) {
    say(`behind ${proxy}:`);
    const settings = isQuick
      ? { rounds: 1, clients: 4, everyMs: 40 }
      : { rounds: 3, clients: 16, everyMs: 100 };
    const isWhole = !isQuick && proxy === 'haproxy';
    const phases = await checkUpdates(hosts, { proxy, ...settings, isWhole }, say);
    faults.push(...judge(phases).map((fault) => `${proxy}: ${fault}`));
  }
  for (const fault of faults) say(`FAILED: ${fault}`);
  process.exit(faults.length === 0 ? 0 : 1);
}

const why = whyNoHosts(proxies);
if (why !== null) {
  console.error(`Cannot make hosts here: ${why}.`);
  process.exit(2);
}
const network = makeNetwork(2);
const { balancer, hosts } = network;
try {
  const program = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const args = ['netns', 'exec', balancer, ...program, `--inside=${JSON.stringify(hosts)}`];
  // Whatever hangs inside, the hosts are taken down.
  const limits = { timeout: (isQuick ? 5 : 20) * 60_000, killSignal: 'SIGKILL' };
  process.exitCode = spawnSync('ip', args, { stdio: 'inherit', ...limits }).status ?? 1;
} finally {
  network.close();
}
