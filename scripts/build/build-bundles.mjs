// Bundles what would start slowly from hundreds of modules: `node scripts/build/build-bundles.mjs FOLDER`, after tsc
// has filled FOLDER. The programs of a worker process, of one that tries a version, and of those that read a batch
// become one file each, and so does TypeBox, which all processes load.
import { join } from 'node:path';
import { build } from 'esbuild';

const [folder = 'dist'] = process.argv.slice(2);

/** The programs take the modules of this project as they were, so TypeBox comes after them. */
const FILES = [
  join('server', 'worker.js'),
  join('server', 'models', 'check-program.js'),
  join('batch', 'reader-program.js'),
  'typebox.js',
];

for (const name of FILES) {
  const file = join(folder, name);
  await build({
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
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
    // What is CommonJS asks for Node's own modules by `require`, which modules of the other kind lack.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
    legalComments: 'none',
    logLevel: 'warning',
  });
}
