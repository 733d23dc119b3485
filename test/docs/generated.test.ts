import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedPages } from '../../scripts/docs/generated-pages.js';
import { cardFigures, readFigures, withFigures } from '../../scripts/docs/figures.js';
import { ModelCard } from '../../src/model/card/card.js';
import { listPages, readPage, root } from './pages.js';

const pages = await generatedPages();

describe('what the documentation takes from the program', () => {
  it.each([...pages.keys()])('%s is up to date: npm run docs writes it', (name) => {
    expect(readPage(name)).toBe(pages.get(name));
  });

  it('has every command, code, limit and network', () => {
    const page = (name: string): string => pages.get(`docs/reference/${name}`) ?? '';
    expect(page('cli.md')).toMatch(/^## inkdigit serve$[^]*^## inkdigit train$/m);
    expect(page('cli.md')).toMatch(
      /\*\*`--port <number>`\*\*[^]*Default: `8000`\.\s+Variable\s+`INKDIGIT_PORT`/,
    );
    expect(page('errors.md')).toMatch(/^\| 503 +\| `overloaded`/m);
    expect(page('limits.md')).toMatch(/^\| images in one request +\| +64 \| `--max-batch`/m);
    expect(page('networks.md')).toMatch(
      /^\| `compact` +\| the default[^|]+\| 28x28 \| +216,506 \| +4,771,136 \|$/m,
    );
    expect(page('networks.md')).not.toMatch(/` +\| +\|/);
  });

  // One core or many, the page is the same.
  it('says nothing of the machine that it was written on', () => {
    expect([...pages.values()].join('\n')).not.toMatch(/, here \d|\/home\/|\/root\//);
    expect([...pages.values()].join('\n')).not.toContain(root);
  });

  it('declares what users of the library and of the client type', () => {
    expect(pages.get('docs/reference/library-declarations.md')).toMatch(
      /export declare function openDigitReader\(/,
    );
    expect(pages.get('docs/reference/library-declarations.md')).toMatch(/export interface Reading \{/);
    expect(pages.get('docs/reference/client-declarations.md')).toMatch(/export declare class MnistClient \{/);
  });
});

describe('figures between markers', () => {
  const figures = readFigures(root);

  it('were all measured, and those of the cards are all shown', () => {
    const shown = listPages().map(readPage).join('\n');
    const names = [...shown.matchAll(/<!-- figure: (\w+) -->/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => figures[name] === 'not measured')).toEqual([]);
    expect(figures['test']).toMatch(/^99\.\d\d % \(9,9\d\d of 10,000\)$/);
  });

  it('take the place of what stood there, over lines too', () => {
    const page = 'a <!-- figure: one -->old\nlines<!-- end --> b <!-- figure: two --><!-- end -->';
    expect(withFigures(page, { one: '1 %', two: '$&' })).toBe(
      'a <!-- figure: one -->1 %<!-- end --> b <!-- figure: two -->$&<!-- end -->',
    );
    expect(() => withFigures(page, { one: '1 %' })).toThrow(/no figure two; expected one of one/);
  });

  it('say so where a card has none', () => {
    const card = { name: 'x', network: { multiplyAdds: 1 }, file: { bytes: 2 }, training: { seconds: 60 } };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is read of a card
    const bare = { ...card, test: null } as unknown as ModelCard;
    const of = cardFigures({ served: bare, trained: bare, digits: bare, first: bare });
    expect(of).toMatchObject({ test: 'not measured', outliers: 'not measured', trainingTime: '3 minutes' });
    expect(of).toMatchObject({ falseAcceptRateUnlike: 'not measured', bytes: '2 bytes' });
  });
});

describe('the page of logs', () => {
  it('names lines that the service writes', () => {
    const rows = [...readPage('docs/reference/logs.md').matchAll(/^\| (`[^|]+) \|/gm)].map(
      ([, cell = '']) => cell,
    );
    const messages = rows.flatMap((cell) =>
      [...cell.matchAll(/`([^`]+?)(?:; …)?`/g)].map(([, text = '']) => text),
    );
    expect(messages.length).toBeGreaterThan(8);
    const server = join(root, 'src', 'server');
    const sources = readdirSync(server, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(server, name), 'utf8'))
      .join('\n');
    expect(messages.filter((message) => message !== 'msg' && !sources.includes(`'${message}`))).toEqual([]);
  });
});

describe('the page of the model card', () => {
  it('names every member', () => {
    const page = readPage('docs/reference/model-card.md');
    const missing = Object.keys(ModelCard.properties).filter((member) => !page.includes(`| \`${member}\``));
    expect(missing).toEqual([]);
  });
});
