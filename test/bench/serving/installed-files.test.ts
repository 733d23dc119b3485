import { describe, expect, it } from 'vitest';
import { baggageOf, packageOf } from '../../../bench/serving/installed-files.js';

describe('packageOf', () => {
  it.each([
    ['dist/server/app.js', 'inkdigit'],
    ['node_modules/fastify/lib/reply.js', 'fastify'],
    ['node_modules/@napi-rs/image/index.js', '@napi-rs/image'],
    ['node_modules/a/node_modules/@s/b/x.js', '@s/b'],
  ])('%s is of %s', (path, name) => {
    expect(packageOf(path)).toBe(name);
  });
});

describe('baggageOf', () => {
  const linux = { os: 'linux', arch: 'x64' };
  it.each([
    ['node_modules/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node', null],
    ['node_modules/onnxruntime-node/bin/napi-v6/linux/arm64/onnxruntime_binding.node', 'other platforms'],
    ['node_modules/onnxruntime-node/bin/napi-v6/win32/x64/DirectML.dll', 'other platforms'],
    ['node_modules/fastify/fastify.d.ts', 'types'],
    ['node_modules/fastify/fastify.js', null],
    ['node_modules/onnxruntime-common/dist/cjs/tensor.js.map', 'source maps'],
    ['node_modules/commander/Readme.md', 'documents'],
    ['models/mnist.onnx', null],
  ])('%s: %s', (path, expected) => {
    expect(baggageOf(path, linux)).toBe(expected);
  });
});
