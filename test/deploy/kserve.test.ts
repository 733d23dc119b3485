import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endServices, startService, type Service } from '../helpers/programs/service.js';
import { at, list, parseDocuments, text, yamlFiles, type Value } from './yaml-files.js';

const documents = yamlFiles('kubernetes/kserve').flatMap((file) => file.documents);
const runtime = documents.find((document) => at(document, 'kind') === 'ServingRuntime');
const inference = documents.find((document) => at(document, 'kind') === 'InferenceService');
const name = text(at(inference, 'metadata', 'name'));

/** Pythons that may have KServe's client, as of `test/server/oip/clients.test.ts`. */
const pythons = [...(process.env['OIP_PYTHON'] ?? '').split(':').filter(Boolean), 'python3'];
const hasKserve = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("kserve") is None)';
const python = pythons.find((one) => spawnSync(one, ['-c', hasKserve]).status === 0);

describe('the runtime for KServe', () => {
  const models = mkdtempSync(join(tmpdir(), 'inkdigit-kserve-'));
  let service: Service;
  let grpcPort: unknown;
  beforeAll(async () => {
    // As docs/how-to/run-on-kubernetes.md fills the folder that storageUri names.
    const folder = fileURLToPath(new URL('../../models/', import.meta.url));
    for (const file of readdirSync(folder).filter((one) => /\.int8\.(onnx|json)$/.test(one))) {
      copyFileSync(join(folder, file), join(models, file.replace('mnist.int8', 'model')));
    }
    const [container] = list(runtime, 'spec', 'containers');
    const args = list(container, 'args')
      .map(text)
      .map((one) => one.replace('{{.Name}}', name).replace('/mnt/models', models))
      .map((one) => one.replace(/^(--(?:metrics-)?port)=\d+$/, '$1=0'))
      .filter((one) => one !== 'serve');
    service = await startService([...args, '--grpc-port=0', '--workers=1']).ready;
    ({ grpcPort } = await service.logged((line) => line['msg'] === 'ready'));
  });
  afterAll(() => {
    endServices();
    rmSync(models, { recursive: true });
  });

  it('serves the model that was put there, by the name of its InferenceService', async () => {
    const ready = await fetch(`${service.url}/v2/models/${name}/ready`);
    expect(await ready.json()).toMatchObject({ name, ready: true });
    const answer = await fetch(`${service.url}/v2/models/${name}/infer`, {
      method: 'POST',
      headers: { 'inference-header-content-length': '0' },
      body: readFileSync('examples/digits/3-photo.jpg'),
    });
    expect(answer.status).toBe(200);
    const { outputs } = JSON.parse((await answer.text()).split('}]}')[0] + '}]}') as {
      outputs: { name: string }[];
    };
    expect(outputs.map((output) => output.name)).toEqual(['class', 'probability']);
  });

  it.skipIf(python === undefined)("answers KServe's client (OIP_PYTHON names a Python that has it)", () => {
    const script = fileURLToPath(new URL('../server/oip/check-clients.py', import.meta.url));
    const asked = [script, 'kserve', new URL(service.url).host, `127.0.0.1:${String(grpcPort)}`];
    const { status, stdout, stderr } = spawnSync(python ?? '', [...asked, 'examples/digits/7.png', '7'], {
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).toBe(0);
  });
});

/** `config/crd/full` of the Go module github.com/kserve/kserve. */
const definitions = process.env['KSERVE_CRDS'] ?? '';

/** The schema of a kind. */
function schemaOf(kind: string, version: string): Value {
  const plural = `${kind.toLowerCase()}s`;
  const file = join(definitions, `serving.kserve.io_${plural}.yaml`);
  const [definition] = parseDocuments(readFileSync(file, 'utf8'), file);
  const found = list(definition, 'spec', 'versions').find((one) => at(one, 'name') === version);
  return at(found, 'schema', 'openAPIV3Schema');
}

const TYPES: Readonly<Record<string, (value: Value) => boolean>> = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: (value) => Array.isArray(value),
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
};

/** What a value has that its schema does not let it have, as a cluster says with `--validate=strict`. */
function faults(schema: Value, value: Value, path = ''): string[] {
  const type = at(schema, 'type');
  if (at(schema, 'x-kubernetes-int-or-string') === true) return [];
  if (typeof type === 'string' && TYPES[type]?.(value) !== true) return [`${path} is no ${type}`];
  if (Array.isArray(value)) {
    return value.flatMap((item: Value, i) => faults(at(schema, 'items'), item, `${path}[${i}]`));
  }
  if (typeof value !== 'object' || value === null) return [];
  // Of metadata a definition says no more than that it is an object.
  if (path === '/metadata' || at(schema, 'x-kubernetes-preserve-unknown-fields') === true) return [];
  const missing = list(schema, 'required').filter((one) => typeof one === 'string' && !(one in value));
  return [
    ...missing.map((one) => `${path} lacks ${text(one)}`),
    ...Object.entries(value).flatMap(([member, own]) => {
      const of = at(schema, 'properties', member) ?? at(schema, 'additionalProperties');
      return of === null ? [`${path} has ${member}`] : faults(of, own, `${path}/${member}`);
    }),
  ];
}

describe.skipIf(!existsSync(definitions))("KServe's kinds (KSERVE_CRDS names their definitions)", () => {
  it('have no member that KServe does not know', () => {
    for (const document of [runtime, inference]) {
      const version = text(at(document, 'apiVersion')).split('/')[1] ?? '';
      const schema = schemaOf(text(at(document, 'kind')), version);
      expect(faults(schema, document ?? null)).toEqual([]);
      const wrong = { ...(document as Readonly<Record<string, Value>>), spec: { minReplica: 0 } };
      expect(faults(schema, wrong)).toContain('/spec has minReplica');
    }
  });
});
