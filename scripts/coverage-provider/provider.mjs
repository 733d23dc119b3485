// Vitest's own V8 provider, installed beside this file instead of in the repository's node_modules. Under its own name
// the test processes would look for it there.
import v8 from './node_modules/@vitest/coverage-v8/dist/index.js';

// oxlint-disable-next-line import/no-default-export -- Vitest takes the default export of a provider's module
export default {
  ...v8,
  async getProvider() {
    const provider = await v8.getProvider();
    provider.name = 'custom';
    return provider;
  },
};
