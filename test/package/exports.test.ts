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
const ENTRIES = ['.', './browser', './client', './fastify', './handler', './train'];

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
    // What TypeBox declares goes through a file of this package.
    const imported = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '\.(?![^']*\/typebox\.js)/g)];
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

const NODE_CONSUMER = `
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fastify } from 'fastify';
import { inkdigit, type PluginOptions } from 'inkdigit/fastify';
import { createHandler, type EmbeddedLimits, type Handler, type HandlerOptions } from 'inkdigit/handler';
import {
  trainDigits, type EpochReport, type FileImages, type FolderImages, type FrameImages, type GridMetrics,
  type Metrics, type ModelCard, type NormalizeMode, type RecipeSettings, type StepReport, type TrainedDigits,
  type TrainingImages, type TrainOptions, type Validation,
} from 'inkdigit/train';

const limits: Partial<EmbeddedLimits> = { maxBatch: 8, maxQueue: 64 };
const options: HandlerOptions = { limits, apiKeys: ['a key of our own'], corsOrigins: [], shutdownTimeoutMs: 100 };

export async function plugin(): Promise<string> {
  const app = fastify();
  const own: PluginOptions = { ...options, prefix: '/digits' };
  await app.register(inkdigit, own);
  return app.listen({ port: 0 });
}

export async function handle(): Promise<void> {
  await using handler: Handler = await createHandler(options);
  createServer(handler);
  createServer((request: IncomingMessage, response: ServerResponse) => {
    handler(request, response, (error?: unknown) => void response.writeHead(error === undefined ? 404 : 500).end());
  });
  handler.drain();
  await handler.close();
}

const normalize: NormalizeMode = 'never';
const recipe: RecipeSettings = { network: 'small', epochs: 2, augment: false };
export async function train(folder: string, files: Uint8Array[], signal: AbortSignal): Promise<number> {
  const sources: TrainingImages[] = [
    { folder, skipBad: true } satisfies FolderImages,
    { images: files, labels: [7] } satisfies FileImages,
    { frames: files, labels: Uint8Array.of(7) } satisfies FrameImages,
  ];
  let correct = 0;
  const how: TrainOptions = {
    ...recipe, normalize, signal, threads: 1, validationShare: 0.2,
    onStep: ({ step, totalSteps }: StepReport) => step / totalSteps,
    onEpoch(report: EpochReport) {
      const metrics: Metrics = report.validation;
      const validation: Validation = metrics satisfies Exclude<Validation, GridMetrics>;
      correct += validation.correct;
    },
  };
  const trained: TrainedDigits[] = [];
  for (const source of sources) trained.push(await trainDigits(source, how));
  const cards: ModelCard[] = trained.map(({ card }) => card);
  return correct + cards.length + trained.reduce((sum, { model, weights }) => sum + model.length + weights.length, 0);
}

// What must not check.
// @ts-expect-error -- connections are those of the server around it
export const connections: HandlerOptions = { limits: { maxConnections: 1 } };
// @ts-expect-error -- labels are missing
export const unlabelled: TrainingImages = { images: [] };
`;

describe('the types of the package', () => {
  it.each(['.', './client', './train'])('of %s are all exported', (entry) => {
    expect(unnamed(entry)).toEqual([]);
  });

  it.each([
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ])('check in a project with modules %s, resolved as %s', (module, moduleResolution) => {
    // As strict as a consumer may be, and without the types of Node.
    expect(checked(CONSUMER, { module, moduleResolution, types: [], skipLibCheck: false })).toBe('');
  });

  it('of what runs in servers and of the trainer check in a program for Node.js', () => {
    // Fastify's own declarations are not as strict.
    const types = { types: ['node'], typeRoots: [join(root, 'node_modules', '@types')], skipLibCheck: true };
    const modules = { module: 'node16', moduleResolution: 'node16', lib: ['es2022', 'esnext.disposable'] };
    expect(checked(NODE_CONSUMER, { ...modules, ...types })).toBe('');
  });
});

/** Checks a program of a project that has this package, and Fastify. @returns what the compiler says */
function checked(program: string, options: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-consumer-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'inkdigit'), 'junction');
  symlinkSync(join(root, 'node_modules', 'fastify'), join(folder, 'node_modules', 'fastify'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'consumer.ts'), program);
  const compilerOptions = {
    target: 'es2022',
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    ...options,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  return status === 0 ? stdout : `${stdout}\nthe compiler ended with ${status}`;
}
