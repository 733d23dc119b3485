import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FAMILY_NAMES, familyOf, type MetricFamily } from '../../src/server/metrics/families.js';
import { hasPromtool, promtool } from '../helpers/surroundings/promtool.js';

// Alerts and panels that name what is not there say nothing for ever.

const folder = fileURLToPath(new URL('../../deploy/', import.meta.url));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
}
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is read of a dashboard
const dashboard = JSON.parse(read('grafana/inkdigit.json')) as Dashboard;
const panels = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }): [string, string] => [title, expr]),
);

/** The names of all lines of a family. */
function linesOf({ name, kind }: MetricFamily): string[] {
  return kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name];
}

const known: ReadonlySet<string> = new Set(FAMILY_NAMES.map(familyOf).flatMap(linesOf));

/** Names of this service's metrics in an expression or a file, but for what rules record under names of their own. */
function namesIn(text: string): string[] {
  const names = text.matchAll(
    /(?<![\w:])(?:inkdigit|http_server|nv_inference|process)_[a-z0-9_]+(?!\w)(?=[{[)]| *[,})]|$)/gm,
  );
  return [...names].map(([name]) => name);
}

describe('deploy/prometheus', () => {
  const rules = read('prometheus/rules.yml');

  it('asks for metrics that there are', () => {
    const names = namesIn(rules);
    expect(new Set(names).size).toBeGreaterThan(8);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(namesIn('inkdigit_no_such_total{job="x"}').filter((name) => known.has(name))).toEqual([]);
  });

  it('uses only records that it makes', () => {
    const made = new Set([...rules.matchAll(/record: (\S+)/g)].map(([, name = '']) => name));
    const used = [...rules.matchAll(/\bjob\w*:inkdigit_\w+:\w+/g)].map(([name]) => name);
    expect(used.filter((name) => !made.has(name))).toEqual([]);
  });

  it('has a test for each alert', () => {
    const tests = read('prometheus/rules.test.yml');
    const alerts = [...rules.matchAll(/alert: (\S+)/g)].map(([, name = '']) => name);
    expect(alerts.length).toBeGreaterThan(8);
    expect(alerts.filter((name) => !tests.includes(name))).toEqual([]);
  });

  it.skipIf(!hasPromtool)("passes promtool's checks and its own tests", () => {
    const check = promtool(['check', 'rules', join(folder, 'prometheus', 'rules.yml')]);
    expect(check.status, check.said).toBe(0);
    const config = promtool(['check', 'config', join(folder, 'prometheus', 'prometheus.yml')]);
    expect(config.status, config.said).toBe(0);
    const tests = promtool(['test', 'rules', join(folder, 'prometheus', 'rules.test.yml')]);
    expect(tests.status, tests.said).toBe(0);
  });
});

describe('deploy/grafana/inkdigit.json', () => {
  it('asks for metrics that there are', () => {
    const unknown = panels.flatMap(([title, expr]) => {
      const names = namesIn(expr);
      return names.length > 0 && names.every((name) => known.has(name)) ? [] : [[title, expr]];
    });
    expect(unknown).toEqual([]);
  });

  it('shows every metric', () => {
    const shown = new Set(panels.flatMap(([, expr]) => namesIn(expr)));
    const hidden = FAMILY_NAMES.map(familyOf).filter(
      (family) => !linesOf(family).some((name) => shown.has(name)),
    );
    // Of Triton's names those that its own dashboards are about; the others are sums that are shown as histograms.
    expect(hidden.map(({ name }) => name).filter((name) => !name.startsWith('nv_'))).toEqual([]);
  });

  it.skipIf(!hasPromtool)('has expressions that Prometheus takes', () => {
    const own = mkdtempSync(join(tmpdir(), 'inkdigit-dashboard-'));
    try {
      const rules = panels.map(([, expr], i) => {
        const asked = expr
          .replaceAll('$__rate_interval', '1m')
          .replaceAll('$job', 'x')
          .replaceAll('$instance', 'y');
        return { record: `panel:${i}`, expr: asked };
      });
      // JSON is YAML.
      writeFileSync(join(own, 'rules.yml'), JSON.stringify({ groups: [{ name: 'panels', rules }] }));
      const { status, said } = promtool(['check', 'rules', join(own, 'rules.yml')]);
      expect(status, said).toBe(0);
      expect(rules.length).toBeGreaterThan(40);
    } finally {
      rmSync(own, { recursive: true });
    }
  });
});
