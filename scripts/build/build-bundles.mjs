// Bundles what would start slowly from hundreds of modules: `node scripts/build/build-bundles.mjs FOLDER`, after tsc
// has filled FOLDER. The programs of a worker process, of one that tries a version, and of those that read a batch
// become one file each, and so does TypeBox, which all processes load.
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { compilePrograms, pathBetween, PROGRAMS } from './compile-programs.mjs';

const [folder = 'dist'] = process.argv.slice(2);

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

for (const name of PROGRAMS) {
  const file = join(folder, name);
  await build({
    ...SETTINGS,
    entryPoints: [`${file}.js`],
    outfile: `${file}.cjs`,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    plugins: [addressesFrom(dirname(file))],
  });
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

await compilePrograms(folder);

/**
 * Modules keep the addresses that they had, seen from the program's folder. `moduleUrl` is the program's own, a name
 * that `compiled-program.ts` gives: what is no module has no `import.meta`.
 */
function addressesFrom(programFolder) {
  return {
    name: 'addresses',
    setup(bundle) {
      bundle.onLoad({ filter: /\.js$/ }, ({ path }) => {
        if (relative(folder, path).startsWith('..')) return undefined;
        const address = `new URL(${JSON.stringify(pathBetween(programFolder, path))}, moduleUrl).href`;
        return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', address) };
      });
    },
  };
}
