/**
 * Whether tests that take long, and tell little that shorter ones do not, run as well: `npm run test:long`. Their
 * titles say "in full", so that `npm test` can count what it left out.
 */
export const runsLong: boolean = process.env['LONG_TESTS'] === '1';
