import { describe, expect, it } from 'vitest';
import { privacyOf, readByOf, sourceOf, type ServiceKnown } from '../../../page/readers/choose-reader.js';

const OPEN: ServiceKnown = { kind: 'open', modelSha256: 'a' };

describe('readByOf', () => {
  it.each([
    ['device', OPEN, 'device'],
    ['service', OPEN, 'service'],
    ['device', { kind: 'open', modelSha256: 'another' }, 'service'],
    ['device', { kind: 'closed' }, 'service'],
    ['device', { kind: 'silent' }, 'device'],
    ['service', { kind: 'none' }, 'device'],
  ] as const)(
    'reads by what is chosen (%s), as far as the service (%j) allows: %s',
    (chosen, service, expected) => {
      expect(readByOf(chosen, service, 'a')).toBe(expected);
    },
  );
});

describe('what is said of it', () => {
  it('is true of where pictures go', () => {
    expect(sourceOf('device')).toBe('Read on this device');
    expect(privacyOf('device', { kind: 'none' })).not.toMatch(/service/);
    expect(privacyOf('device', OPEN)).toMatch(/stays on this device; many at once go to this service/);
    expect(privacyOf('service', OPEN)).toMatch(/go to this service and nowhere else/);
  });
});
