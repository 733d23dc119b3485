import { describe, expect, it } from 'vitest';
import { wantsTraces } from '../../../src/server/tracing/tracing.js';
import { buildTestApp } from '../../helpers/programs/test-app.js';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('wantsTraces', () => {
  it.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_SERVICE_NAME: 'digits' }, false],
    [ENDPOINT, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
    [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'True' }, false],
    [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, false],
  ])('of %j is %s', (env, expected) => {
    expect(wantsTraces(env)).toBe(expected);
  });
});

describe('without traces', () => {
  it('an answer has nothing of them', async () => {
    const app = await buildTestApp();
    expect((await app.inject('/model')).headers).not.toHaveProperty('traceresponse');
    await app.close();
  });
});
