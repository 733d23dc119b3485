// Bundles what would start slowly from hundreds of modules: `node scripts/build/build-bundles.mjs FOLDER`, after tsc
// has filled FOLDER. The programs of a worker process, of one that tries a version, and of those that read a batch
// become one file each, and so does TypeBox, which all processes load.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [folder = 'dist'] = process.argv.slice(2);

/** Programs that many wait for: V8 compiles them now, with the flags that they will run with. */
const COMPILED = [join('server', 'worker.js'), join('batch', 'reader-program.js')];

/** The programs take the modules of this project as they were, so TypeBox comes after them. */
const BUNDLED = [join('server', 'models', 'check-program.js'), 'typebox.js'];

const SETTINGS = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  // Packages that bring a library of machine code find it from where they lie; gRPC and traces are loaded only where
  // they are used.
  external: [
    'onnxruntime-node',
    '@napi-rs/image',
    'sharp',
    '@grpc/grpc-js',
    '@grpc/proto-loader',
    '@opentelemetry/*',
  ],
  legalComments: 'none',
  logLevel: 'warning',
};

const { WORKER_FLAGS } = await import(
  pathToFileURL(resolve(folder, 'server', 'processes', 'worker-memory.js'))
);
const compiler = resolve(folder, 'compiled-program.js');

for (const name of COMPILED) {
  const file = join(folder, name);
  const program = file.replace(/js$/, 'cjs');
  await build({
    ...SETTINGS,
    entryPoints: [file],
    outfile: program,
    format: 'cjs',
    // Names that `compiled-program.ts` gives: what is no module has none of these.
    define: { 'import.meta.url': 'moduleUrl' },
    supported: { 'dynamic-import': false },
  });
  const from = relative(dirname(file), join(folder, 'compiled-program.js')).replaceAll('\\', '/');
  const url = `new URL('${name.split(/[\\/]/).at(-1).replace(/js$/, 'cjs')}', import.meta.url)`;
  writeFileSync(file, `import { runProgram } from '${from}';\nrunProgram(${url});\n`);
  compile(program);
}

for (const name of BUNDLED) {
  const file = join(folder, name);
  await build({
    ...SETTINGS,
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    format: 'esm',
    // What is CommonJS asks for Node's own modules by `require`, which modules of the other kind lack.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
  });
}

/** In a process of its own, which loads the program: none of its parents is there to tell it what to do. */
function compile(program) {
  const call = `import { compileProgram } from ${JSON.stringify(pathToFileURL(compiler).href)};
    compileProgram(new URL(${JSON.stringify(pathToFileURL(resolve(program)).href)}));`;
  const args = [...WORKER_FLAGS, '--input-type=module', '--eval', call];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${program} does not load.`);
}
