import fc from 'fast-check';

/**
 * Properties are tried on the same examples in every run, so that a run that fails says something of the change
 * before it and not of the draw. `PROPERTY_SEED=7 npm test` draws others: as many seeds, as many new examples.
 */
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 1) });
