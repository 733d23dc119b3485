import { describe, expect, it } from 'vitest';
import { htmlReport, type ReportContent } from '../../../src/evaluation/html/html-report.js';
import { html } from '../../../src/evaluation/html/markup.js';
import { findMisclassified, measure } from '../../../src/evaluation/metrics.js';
import { measureRobustness } from '../../../src/evaluation/corruptions/robustness.js';
import { frameAt, planeOfFrame } from '../../../src/image/frame.js';
import { planePngUrl } from '../../../src/image/plane-png.js';
import { drawnSet } from '../../helpers/data/drawn-set.js';
import { fakeCard, fakeClassifier } from '../../helpers/models/fake-classifier.js';

const data = drawnSet(40, 4);

/** Says 3 of everything, with 60 %. */
const probabilities = Float32Array.from({ length: 400 }, (_, i) => (i % 10 === 3 ? 0.6 : 0.4 / 9));

function content(changes: Partial<ReportContent> = {}): ReportContent {
  return {
    model: 'models/fake.onnx',
    card: fakeCard(),
    inputOf: (index) => planeOfFrame(frameAt(data.frames, index)),
    frames: data.frames,
    title: 'the 40 images in digits',
    nameOf: (index) => `file-${index}.png`,
    metrics: measure(probabilities, data.labels),
    misclassified: findMisclassified(probabilities, data.labels),
    robustness: null,
    outliers: null,
    speed: { imagesPerSecond: 10_000, threads: 1, batch: 64 },
    made: new Date('2026-02-03T04:05:06Z'),
    ...changes,
  };
}

/** What a reader sees: the text without elements, one space between words. */
function textOf(page: string): string {
  return page
    .replaceAll(/<style>[^]*?<\/style>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

describe('html', () => {
  it('escapes text and takes HTML as it is', () => {
    const item = html`<li title="${`"'`}">${'<b> & </b>'}</li>`;
    expect(item.html).toBe('<li title="&quot;&#39;">&lt;b&gt; &amp; &lt;/b&gt;</li>');
    expect(html`${[item, html`<i>${3}</i>`]}`.html).toBe(`${item.html}\n<i>3</i>`);
  });
});

describe('htmlReport', () => {
  it('needs nothing but itself: no script, and no address but data', () => {
    const page = htmlReport(content());
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|<iframe|@import|javascript:|\son\w+=/i);
    expect(
      [...page.matchAll(/(?:\b(?:src|href)=|url\()["']?([^"')\s]*)/g)].map(([, url = '']) =>
        url.slice(0, 22),
      ),
    ).toEqual(Array.from({ length: 36 }, () => 'data:image/png;base64,'));
    expect(page).toContain("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"");
    expect(page).toContain('prefers-color-scheme: dark');
  });

  it('opens and closes every element', () => {
    const page = htmlReport(content());
    const open: string[] = [];
    for (const [tag, slash, name = ''] of page.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
      if (/^(meta|img)$/.test(name) || tag.endsWith('/>')) continue;
      if (slash) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('states the figures', () => {
    const text = textOf(htmlReport(content()));
    expect(text).toContain('How well fake reads the 40 images in digits');
    expect(text).toContain('accuracy 10.00 % 95 % interval 3.96 to 23.05 %');
    expect(text).toContain('misclassified 36 of 40 images');
    expect(text).toContain('ECE 50.00 %');
    expect(text).toContain('time an image 100 µs on one thread, 64 at a time');
    expect(text).toContain('measured on 2026-02-03');
    expect(text).toContain('SHA-256 0000');
    expect(text).not.toContain('Robustness');
    expect(text).toContain('test, by the card not measured');
  });

  it('tells of non-digits where that was measured', () => {
    const figures = { count: 8, auroc: 0.875, aupr: 0.75, falsePositiveRate: 0.5, passing: 0.25 };
    const outliers = {
      source: 'my <letters>',
      threshold: 0.4,
      ...figures,
      digitsPassing: 0.975,
      kinds: [{ name: 'letters', ...figures }],
    };
    const text = textOf(htmlReport(content({ outliers })));
    expect(text).toContain('false accept rate 25.00 % of 8 non-digits');
    expect(text).toContain(
      '(my &lt;letters&gt;). At the threshold 0.4 97.50 % of the digits are accepted, and 25.00 % of',
    );
    expect(text).toContain('letters 8 87.50 % 75.00 % 50.00 % 25.00 % all 8 87.50 %');
    expect(textOf(htmlReport(content()))).not.toMatch(/non-digit/i);
  });

  it('tells what the model learned from and what it was tested on apart', () => {
    const [train, test] = ['train-images-idx3-ubyte', 't10k-images-idx3-ubyte'];
    const card = { ...fakeCard(), data: { [train]: 'aa', [test]: 'bb', images: 'cc' } };
    const tested = textOf(
      htmlReport(content({ card: { ...card, test: { accuracy: 0.5, correct: 1, count: 2 } } })),
    );
    expect(tested).toContain(`learned from ${train} aa, images cc tested on ${test} bb versions`);
    expect(textOf(htmlReport(content({ card })))).toContain(`learned from ${train} aa, images cc versions`);
  });

  it('says what the card has recorded', () => {
    const card = {
      ...fakeCard(),
      test: { accuracy: 0.5, correct: 1, count: 2 },
      robustness: { meanError: 0.125, errors: { fog: 0.125 } },
    };
    const text = textOf(htmlReport(content({ card })));
    expect(text).toContain('test, by the card 50.00 % (1 of 2)');
    expect(text).toContain('robustness, by the card 12.50 % mean corruption error');
  });

  it('shows each misclassified image with truth, answer, probability and name', () => {
    const page = htmlReport(content());
    expect(textOf(page)).toContain('0 read as 3 60.00 % file-0.png');
    expect(page).toContain(planePngUrl(planeOfFrame(frameAt(data.frames, 0))));
    expect(page).not.toContain('file-3.png');
    expect(page).toMatch(/<img\s+src="[^"]*"\s+width="112"\s+height="112"/);
  });

  it('has every cell of the confusion matrix and the count of every bin', () => {
    const page = htmlReport(content());
    const cells = [...page.matchAll(/<td class="(hit|miss)"[^>]*title="(\d+) × (\d) read as (\d)"/g)];
    expect(cells.map(([, kind, count, truth, answer]) => [kind, count, truth, answer])).toEqual(
      Array.from({ length: 10 }, (_, digit) => [digit === 3 ? 'hit' : 'miss', '4', String(digit), '3']),
    );
    expect(page).toContain('Reliability diagram. 40 at 60.00 %: 10.00 % right.');
  });

  it('shows the corruptions where they were measured', async () => {
    const robustness = await measureRobustness(fakeClassifier(), data);
    const text = textOf(htmlReport(content({ robustness })));
    expect(text).toContain(`corruption error ${(robustness.meanError * 100).toFixed(2)} %`);
    for (const { name, error } of robustness.corruptions) {
      expect(text).toContain(`${name.replaceAll('_', ' ')} ${(error * 100).toFixed(2)} % wrong`);
    }
  });

  it('keeps names of files and models from becoming elements', () => {
    const evil = `"><img src=x onerror='1'>`;
    const card = { ...fakeCard(), name: evil, recipe: { [evil]: evil } };
    const page = htmlReport(content({ model: evil, card, title: evil, nameOf: () => evil }));
    expect(page).not.toContain('<img src=x');
    expect(page).toContain('&quot;&gt;&lt;img src=x onerror=&#39;1&#39;&gt;');
  });

  it('says so when nothing was misclassified, and shows no more than 200 of very many', () => {
    expect(textOf(htmlReport(content({ misclassified: [] })))).toContain(
      'Every image was classified correctly.',
    );
    const many = Array.from({ length: 1234 }, (_, i) => ({
      index: i % 40,
      truth: 1,
      answer: 2,
      probability: 0.5,
    }));
    const page = htmlReport(content({ misclassified: many }));
    expect(page.match(/1 read as 2<\/strong/g)).toHaveLength(200);
    expect(textOf(page)).toContain('The 200 most confident of 1,234.');
  });
});
