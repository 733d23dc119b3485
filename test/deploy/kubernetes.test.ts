import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/main.js';
import { at, deployFolder, list, parseDocuments, text, yamlFiles, type Value } from './yaml-files.js';

// Manifests that name a port, a probe or an option that is not there fail in a cluster alone, late.

const files = yamlFiles('kubernetes');
const documents = files.flatMap((file) => file.documents);
const OVERLAYS = ['base', 'prometheus', 'hpa-queue', 'kserve', 'batch'];

/** Specifications of pods: of a Deployment and a Job, and a runtime of KServe, which is one itself. */
const pods = documents.flatMap((document) => {
  const template = at(document, 'spec', 'template', 'spec');
  if (template !== null) return [template];
  return at(document, 'kind') === 'ServingRuntime' ? [at(document, 'spec')] : [];
});
const containers = pods.flatMap((pod) => list(pod, 'containers'));

let program: Command;
beforeAll(async () => void (program = await buildProgram()));

function argsOf(container: Value): string[] {
  return list(container, 'args').map(text);
}

/** Value of `--name=value` among arguments. */
function given(args: readonly string[], name: string): string | undefined {
  const start = `--${name}=`;
  return args.find((argument) => argument.startsWith(start))?.slice(start.length);
}

/** Options that a command line gives and the command does not have; the command itself, where there is none. */
function unknownIn([name = '', ...rest]: readonly string[]): string[] {
  const command = program.commands.find((one) => one.name() === name);
  if (!command) return [name];
  const known = new Set(command.options.map(({ long }) => long));
  const flags = rest.filter((argument) => argument.startsWith('--')).map((flag) => flag.split('=')[0] ?? '');
  return flags.filter((flag) => !known.has(flag));
}

describe('deploy/kubernetes', () => {
  it('has an overlay for each purpose, of files that are there', () => {
    const kustomizations = files.filter(({ path }) => path.endsWith('/kustomization.yaml'));
    expect(kustomizations.map(({ path }) => path.split('/')[1]).toSorted()).toEqual(OVERLAYS.toSorted());
    for (const {
      path,
      documents: [kustomization],
    } of kustomizations) {
      const named = [
        ...list(kustomization, 'resources'),
        ...list(kustomization, 'patches').map((patch) => at(patch, 'path')),
      ].map(text);
      const missing = named.filter((name) => !existsSync(join(deployFolder, dirname(path), name)));
      expect([path, missing]).toEqual([path, []]);
    }
  });

  it('gives commands options that they have', () => {
    expect(containers.length).toBe(3);
    const commands = new Set(program.commands.map((command) => command.name()));
    const lines = containers.map(argsOf).filter(([name = '']) => name === 'serve' || commands.has(name));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.flatMap(unknownIn)).toEqual([]);
    expect(unknownIn(['serve', '--no-such-option=1'])).toEqual(['--no-such-option']);
  });

  it('listens on the ports that it opens, and asks those for probes', () => {
    for (const container of containers) {
      const args = argsOf(container);
      const ports = list(container, 'ports');
      const numbers = ports.map((port) => at(port, 'containerPort'));
      const port = given(args, 'port');
      expect(numbers).toEqual(port === undefined ? [] : expect.arrayContaining([Number(port)]));
      for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
        const asked = at(container, probe, 'httpGet', 'port');
        if (asked !== null) expect([...numbers, ...ports.map((one) => at(one, 'name'))]).toContain(asked);
      }
    }
  });

  it('names ports that the pods have', () => {
    const serving = containers.find((container) => at(container, 'name') === 'inkdigit');
    const names = list(serving, 'ports').map((port) => at(port, 'name'));
    expect(names).toEqual(['http', 'grpc', 'metrics']);
    const of = (kind: string): Value | undefined =>
      documents.find((document) => at(document, 'kind') === kind);
    const used = [
      ...list(of('Service'), 'spec', 'ports').map((port) => at(port, 'targetPort')),
      ...list(of('NetworkPolicy'), 'spec', 'ingress').flatMap((rule) =>
        list(rule, 'ports').map((one) => at(one, 'port')),
      ),
      ...list(of('PodMonitor'), 'spec', 'podMetricsEndpoints').map((endpoint) => at(endpoint, 'port')),
    ];
    expect(used.length).toBe(6);
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('asks what the service answers without a key', () => {
    const paths = containers.flatMap((container) =>
      ['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe) =>
        at(container, probe, 'httpGet', 'path'),
      ),
    );
    const asked = new Set(paths.filter((path) => path !== null));
    expect([...asked].toSorted()).toEqual(['/livez', '/readyz', '/v2/health/live', '/v2/health/ready']);
  });

  it('leaves a service the time to end in good order', () => {
    const serving = pods.filter((pod) => list(pod, 'containers').some((one) => argsOf(one)[0] === 'serve'));
    expect(serving.length).toBe(2);
    for (const pod of serving) {
      const [args = []] = list(pod, 'containers').map(argsOf);
      const shutdownMs = Number(given(args, 'shutdown-timeout-ms'));
      expect(Number(given(args, 'drain-ms'))).toBeLessThanOrEqual(shutdownMs / 2);
      // A runtime of KServe has the default of Kubernetes, which is as long.
      expect(shutdownMs).toBeLessThan(1000 * Number(at(pod, 'terminationGracePeriodSeconds') ?? 30));
    }
  });

  it('gives containers no rights', () => {
    for (const container of containers) {
      const context = at(container, 'securityContext');
      expect(at(context, 'allowPrivilegeEscalation')).toBe(false);
      expect(at(context, 'readOnlyRootFilesystem')).toBe(true);
      expect(list(context, 'capabilities', 'drop')).toEqual(['ALL']);
      expect(at(container, 'resources', 'limits', 'memory')).not.toBeNull();
      // Throttled in the middle of a request, a pod is slow while processors stand idle.
      expect(at(container, 'resources', 'limits', 'cpu')).toBeNull();
    }
    const dockerfile = readFileSync(join(deployFolder, '..', 'Dockerfile'), 'utf8');
    const user = Number(/^USER (\d+):\1$/m.exec(dockerfile)?.[1]);
    for (const pod of pods) {
      const users = [
        at(pod, 'securityContext', 'runAsUser'),
        ...list(pod, 'containers').map((one) => at(one, 'securityContext', 'runAsUser')),
      ];
      expect(users).toContain(user);
      if (at(pod, 'enableServiceLinks') !== null) expect(at(pod, 'enableServiceLinks')).toBe(false);
    }
  });

  it('takes as many workers as processors are asked for', () => {
    const serving = containers.filter((container) => argsOf(container)[0] === 'serve');
    for (const container of serving) {
      const [variable] = list(container, 'env');
      expect(at(variable, 'name')).toBe('INKDIGIT_WORKERS');
      expect(at(variable, 'valueFrom', 'resourceFieldRef', 'resource')).toBe('requests.cpu');
    }
  });

  it('does not try a part of a batch again where that changes nothing', () => {
    const job = documents.find((document) => at(document, 'kind') === 'Job');
    const rules = list(job, 'spec', 'podFailurePolicy', 'rules');
    expect(rules.map((rule) => at(rule, 'action'))).toEqual(['Ignore', 'FailIndex']);
    expect(list(rules[1], 'onExitCodes', 'values')).toEqual([2, 3]);
    const shard = argsOf(list(job, 'spec', 'template', 'spec', 'containers')[0] ?? null);
    expect(shard).toContain(`--shard=$(JOB_COMPLETION_INDEX)/${text(at(job, 'spec', 'completions'))}`);
  });

  it('has the rules of deploy/prometheus', () => {
    const rules = documents.find((document) => at(document, 'kind') === 'PrometheusRule');
    const [own] = parseDocuments(
      readFileSync(join(deployFolder, 'prometheus', 'rules.yml'), 'utf8'),
      'rules.yml',
    );
    expect(at(rules, 'spec', 'groups')).toEqual(at(own, 'groups'));
  });
});

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
/** From PyPI; `KUBERNETES_VALIDATE` names it where no PATH has it. */
const validator = process.env['KUBERNETES_VALIDATE'] || 'kubernetes-validate';
const hasValidator = hasKubectl && spawnSync(validator, ['--version']).status === 0;

function rendered(overlay: string): string {
  const { status, stdout, stderr } = spawnSync(
    'kubectl',
    ['kustomize', join(deployFolder, 'kubernetes', overlay)],
    {
      encoding: 'utf8',
    },
  );
  expect(status, stderr).toBe(0);
  return stdout;
}

describe.skipIf(!hasKubectl)('overlays, rendered (needs kubectl)', () => {
  it.each(OVERLAYS)('%s', (overlay) => {
    const made = parseDocuments(rendered(overlay), overlay);
    const kinds = made.map((document) => text(at(document, 'kind')));
    expect(new Set(kinds.map((kind, i) => `${kind} ${text(at(made[i], 'metadata', 'name'))}`)).size).toBe(
      made.length,
    );
    const images = made
      .flatMap((document) => [
        ...list(document, 'spec', 'template', 'spec', 'containers'),
        ...list(document, 'spec', 'containers'),
      ])
      .map((container) => at(container, 'image'));
    expect(images).toEqual(['inkdigit:0.1.0']);
    const scaler = made.find((document) => at(document, 'kind') === 'HorizontalPodAutoscaler');
    if (overlay === 'hpa-queue') expect(list(scaler, 'spec', 'metrics').length).toBe(3);
  });
});

describe.skipIf(!hasValidator)('overlays, against schemas (needs kubectl and kubernetes-validate)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-manifests-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, yaml: string): string => {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, yaml);
    return file;
  };
  const validate = (...paths: readonly string[]): { status: number | null; said: string } => {
    const { status, stdout, stderr } = spawnSync(validator, ['--strict', ...paths], { encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };

  it('are what Kubernetes takes', () => {
    const { status, said } = validate(...OVERLAYS.map((overlay) => write(overlay, rendered(overlay))));
    expect(status, said).toBe(0);
    // Of base, prometheus, hpa-queue and batch; kinds that are not Kubernetes' own are warned of.
    expect([...said.matchAll(/passed for resource/g)].length).toBe(19);
    const bad = rendered('batch').replace('backoffLimitPerIndex', 'backoffLimitPerIndexx');
    expect(validate(write('bad', bad)).status).not.toBe(0);
  });
});
