// Bundles the program of a worker process: `node scripts/build/build-worker.mjs FOLDER`, after tsc has filled FOLDER. A
// worker that finds its hundreds of modules in one file starts in half the time.
import { join } from 'node:path';
import { build } from 'esbuild';

const [folder = 'dist'] = process.argv.slice(2);
const file = join(folder, 'server', 'worker.js');

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
