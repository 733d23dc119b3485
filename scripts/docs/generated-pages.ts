/**
 * Writes what the documentation takes from the program: `npm run docs`. Whole pages of `docs/reference` come from the
 * commands, the error codes, the limits, the networks and the built declarations; figures between markers in any page
 * come from the cards of the shipped models and from the benchmarks. A test compares all of it with what is committed.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { replaceSection } from '../../bench/report/report.js';
import { figuresOf, renderStanding } from '../../bench/report/standing.js';
import { buildProgram } from '../../src/cli/main.js';
import { readMeasured } from './measured.js';
import { scaleSections } from './scale.js';
import { renderCommandLine } from './command-line.js';
import { renderDeclarations } from './declarations.js';
import { renderErrors } from './errors.js';
import { readFigures, withFigures } from './figures.js';
import { renderLimits } from './limits.js';
import { renderMetrics } from './metrics.js';
import { renderNetworks } from './networks.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const BENCHMARKS = 'docs/notebook/benchmarks.md';

/**
 * Every page that is generated, or has figures in it: its name, relative to the repository, with its text as it
 * should be. The declarations are those of `dist/`, which has to be built.
 */
export async function generatedPages(): Promise<Map<string, string>> {
  const program = await buildProgram();
  const whole = new Map([
    ['docs/reference/cli.md', renderCommandLine(program)],
    ['docs/reference/errors.md', renderErrors()],
    ['docs/reference/limits.md', renderLimits(program)],
    ['docs/reference/metrics.md', renderMetrics()],
    ['docs/reference/networks.md', renderNetworks()],
    ['docs/reference/library-declarations.md', renderDeclarations(root, 'inkdigit', 'index.d.ts')],
    [
      'docs/reference/browser-declarations.md',
      renderDeclarations(root, 'inkdigit/browser', 'browser/browser.d.ts'),
    ],
    [
      'docs/reference/client-declarations.md',
      renderDeclarations(root, 'inkdigit/client', 'client/exports.d.ts'),
    ],
  ]);
  const pages = new Map<string, string>();
  for (const [name, text] of whole) pages.set(name, await formatted(name, text));
  pages.set(
    BENCHMARKS,
    await formatted(BENCHMARKS, withStanding(readFileSync(join(root, BENCHMARKS), 'utf8'))),
  );
  for (const [name, text] of pagesWithScale()) pages.set(name, await formatted(name, text));
  pages.set(RULES_OF_OPERATOR, await formatted(RULES_OF_OPERATOR, operatorRules()));
  const figures = readFigures(root);
  for (const name of pagesWithFigures()) {
    pages.set(name, await formatted(name, withFigures(readFileSync(join(root, name), 'utf8'), figures)));
  }
  return pages;
}

/** The page of benchmarks, whose first table follows from the figures that its sections keep. */
function withStanding(page: string): string {
  return replaceSection(page, 'standing', renderStanding(figuresOf(page)));
}

const RULES_OF_OPERATOR = 'deploy/kubernetes/prometheus/prometheus-rule.yaml';

/** The rules for Prometheus as the operator in a cluster takes them. */
function operatorRules(): string {
  const rules = readFileSync(join(root, 'deploy', 'prometheus', 'rules.yml'), 'utf8');
  const groups = rules.slice(rules.indexOf('groups:')).trimEnd();
  return [
    '# Of deploy/prometheus/rules.yml; `npm run docs` writes it.',
    'apiVersion: monitoring.coreos.com/v1',
    'kind: PrometheusRule',
    'metadata:',
    '  name: inkdigit',
    'spec:',
    ...groups.split('\n').map((line) => (line === '' ? '' : `  ${line}`)),
  ].join('\n');
}

/** Pages that calculate with the benchmarks: each section between markers is written anew. */
function pagesWithScale(): Map<string, string> {
  const sections = scaleSections(root, readMeasured(readFileSync(join(root, BENCHMARKS), 'utf8')));
  return new Map(
    ['docs/explanation/scale.md', 'docs/how-to/run-on-kubernetes.md'].map((name) => {
      const page = readFileSync(join(root, name), 'utf8');
      const written = Object.entries(sections).filter(([section]) =>
        page.includes(`<!-- bench: ${section} -->`),
      );
      return [name, written.reduce((text, [section, table]) => replaceSection(text, section, table), page)];
    }),
  );
}

/** Pages that have a figure between markers. */
function pagesWithFigures(): string[] {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = [
    'README.md',
    ...below.map((name) => join('docs', name)).filter((name) => name.endsWith('.md')),
  ];
  return pages.filter((name) => readFileSync(join(root, name), 'utf8').includes('<!-- figure: '));
}

/** As the formatting check wants it; prose of pages in lines of its width. */
async function formatted(name: string, text: string): Promise<string> {
  const path = join(root, name);
  const proseWrap = name.endsWith('.md') ? 'always' : 'preserve';
  return format(text, { ...(await resolveConfig(path)), filepath: path, proseWrap });
}

/** Writes them. */
export async function writeGeneratedPages(): Promise<void> {
  for (const [name, text] of await generatedPages()) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}
