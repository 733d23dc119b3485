import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSchemathesis, runSchemathesis } from '../../scripts/schemathesis.mjs';
import { endServices, startService } from '../helpers/programs/service.js';

const program = findSchemathesis();

/** `npm run test:schemathesis` asks more. */
const ARGS = ['--phases', 'examples,fuzzing', '--max-examples', '10', '--generation-deterministic'];

describe.skipIf(program === null)('Schemathesis (needs it: pip install schemathesis)', () => {
  let url: string;
  beforeAll(async () => {
    ({ url } = await startService(['--port', '0', '--workers', '1']).ready);
  });
  afterAll(endServices);

  it('finds no answer that the OpenAPI document does not have', async () => {
    const { status, said } = await runSchemathesis(program ?? '', `${url}/`, ARGS);
    expect(said).toMatch(/Operations: +2\d selected/);
    expect(status, said).toBe(0);
  });
});
