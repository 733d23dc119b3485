import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { exports, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const ENTRIES = ['.', './client', './fastify', './handler', './train'];

describe('package.json', () => {
  it('says what a registry wants to know', () => {
    expect(manifest).not.toHaveProperty('private');
    for (const member of ['description', 'keywords', 'license', 'author', 'repository', 'engines']) {
      expect(manifest).toHaveProperty(member);
    }
  });

  it.each(ENTRIES)('names types and program of %s', (entry) => {
    expect(Object.keys(exports)).toContain(entry);
    for (const file of [exports[entry].types, exports[entry].default]) {
      expect(existsSync(join(root, file)), file).toBe(true);
    }
  });
});

/** Names between braces, as in `import { A, type B as C } from …`: what they are called there. */
function namesIn(braces: string): string[] {
  return braces
    .split(',')
    .map((name) => /(\w+)\s*$/.exec(name)?.[1] ?? '')
    .filter(Boolean);
}

/** The names that an entry's declarations mention without exporting them, as `ReadFrameOptions in readFrame`. */
function unnamed(entry: string): string[] {
  const file = join(root, exports[entry].types);
  const exported = [...readFileSync(file, 'utf8').matchAll(/\{([^}]*)\} from '([^']+)'/g)].map(
    ([, braces = '', from = '']) => ({
      names: namesIn(braces),
      file: join(dirname(file), from.replace(/js$/, 'd.ts')),
    }),
  );
  const known = new Set(exported.flatMap(({ names }) => names));
  return exported.flatMap(({ names, file: declaring }) => {
    const text = readFileSync(declaring, 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');
    const imported = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '\./g)];
    const statements = text.split(/^(?=export |declare |import )/m).map((statement) => ({
      name: /^(?:export |declare )*(?:class|interface|type|const|function|enum) (\w+)/.exec(statement)?.[1],
      words: new Set(statement.match(/\w+/g)),
    }));
    const local = [
      ...statements.flatMap(({ name }) => name ?? []),
      ...imported.flatMap(([, braces = '']) => namesIn(braces)),
    ];
    return statements
      .filter(({ name }) => name !== undefined && names.includes(name))
      .flatMap(({ name, words }) =>
        local.filter((other) => words.has(other) && !known.has(other)).map((other) => `${other} in ${name}`),
      );
  });
}

const CONSUMER = `
import * as library from 'inkdigit';
import type {
  Classifier, ClassifierOptions, DecodeOptions, DigitReader, ErrorCode, Frame, FrameBatch, InkdigitError, ItemError,
  Model, ModelCard, NormalizeMode, PixelBox, Reading, ReadFailure, ReadFrameOptions, ReadOptions, ReadResult,
  ReadSuccess,
} from 'inkdigit';
import * as client from 'inkdigit/client';
import type {
  Classification, ClassifyOptions, ClassifyQuery, ClientErrorCode, DetailedClassification, FailedImage, ImageError,
  ImageSource, MnistClientOptions, PartialClassifyOptions,
} from 'inkdigit/client';

const mode: NormalizeMode = library.NORMALIZE_MODES[0];
const frameOptions: ReadFrameOptions & DecodeOptions = { normalize: mode, maxPixels: 28 * 28 };
const threads: ClassifierOptions = { threads: 1 };
export async function readHere(bytes: Uint8Array, options: ReadOptions): Promise<number[]> {
  const frame: Frame = await library.readFrame(bytes, frameOptions);
  const batch: FrameBatch = library.packFrames([frame]);
  const model: Model = await library.openModel(library.shippedModelPath(), threads);
  const classifier: Classifier = model.classifier;
  const logits: Float32Array = await classifier.logits(batch);
  const reader: DigitReader = await library.openDigitReader();
  const card: ModelCard = reader.card;
  const readings: (Reading | InkdigitError)[] = await reader.read([bytes], options);
  const result: ReadResult = await reader.read(bytes, { signal: AbortSignal.timeout(1000) });
  const [first = result]: ReadResult[] = await reader.readAll([bytes], options);
  const good: ReadSuccess[] = first.ok ? [first] : [];
  const wrong: ReadFailure[] = first.ok ? [] : [first];
  await reader[Symbol.asyncDispose]();
  const boxes: (PixelBox | undefined)[] = readings.map((one) => ('box' in one ? one.box : undefined));
  const codes = readings.map((one): ErrorCode | undefined =>
    one instanceof library.InkdigitError ? one.code : undefined);
  const bad: ItemError[] = readings.flatMap((one) => (one instanceof library.InkdigitError ? one.items : []));
  const counts = [logits.length, boxes.length, codes.length, bad.length, good.length + wrong.length];
  const { FRAME_SIDE, FRAME_PIXELS } = library;
  return [card.file.bytes, ...counts, FRAME_SIDE, FRAME_PIXELS];
}
export async function ask(options: MnistClientOptions, image: ImageSource): Promise<string> {
  const asked = new client.MnistClient(options);
  const query: ClassifyQuery = { normalize: 'never' };
  const how: ClassifyOptions = { normalize: query.normalize };
  const [short]: Classification[] = await asked.classify([image], how);
  const [full]: DetailedClassification[] = await asked.classify([image], { ...how, detail: 'full' });
  const partial: PartialClassifyOptions = { partial: true };
  const [some]: (Classification | FailedImage)[] = await asked.classify([image], partial);
  if (some && 'error' in some) return some.error.code;
  const unreachable: ClientErrorCode = 'unreachable';
  const items: readonly ImageError[] = new client.MnistClientError(unreachable, 'no answer').items;
  return [short?.class, full?.frame, items.length].join();
}
`;

describe('the types of the package', () => {
  it.each(['.', './client'])('of %s are all exported', (entry) => {
    expect(unnamed(entry)).toEqual([]);
  });

  it.each([
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ])('check in a project with modules %s, resolved as %s', (module, moduleResolution) => {
    const folder = mkdtempSync(join(tmpdir(), 'inkdigit-consumer-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', 'inkdigit'), 'junction');
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    // As strict as a consumer may be, and without the types of Node.
    const compilerOptions = {
      target: 'es2022',
      module,
      moduleResolution,
      types: [],
      noEmit: true,
      skipLibCheck: false,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
