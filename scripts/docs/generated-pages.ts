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

/** Pages that have a figure between markers. */
function pagesWithFigures(): string[] {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = [
    'README.md',
    ...below.map((name) => join('docs', name)).filter((name) => name.endsWith('.md')),
  ];
  return pages.filter((name) => readFileSync(join(root, name), 'utf8').includes('<!-- figure: '));
}

/** As the formatting check wants it, prose in lines of its width. */
async function formatted(name: string, text: string): Promise<string> {
  const path = join(root, name);
  return format(text, { ...(await resolveConfig(path)), filepath: path, proseWrap: 'always' });
}

/** Writes them. */
export async function writeGeneratedPages(): Promise<void> {
  for (const [name, text] of await generatedPages()) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}
