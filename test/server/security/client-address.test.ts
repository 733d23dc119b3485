import { describe, expect, it } from 'vitest';
import { addressOf, networkOf, trustFunction } from '../../../src/server/security/client-address.js';

describe('trustFunction', () => {
  it('believes a number of proxies', () => {
    const trusts = trustFunction({ hops: 2 });
    expect([0, 1, 2, 3].map((hop) => trusts('192.0.2.1', hop))).toEqual([true, true, false, false]);
  });

  it('believes addresses and networks, and what comes by a Unix domain socket', () => {
    const trusts = trustFunction({ networks: ['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '::1'] });
    for (const address of ['10.255.0.1', '192.0.2.1', 'fd12::1', '::1', '::ffff:10.1.1.1', undefined]) {
      expect(trusts(address, 5), address).toBe(true);
    }
    for (const address of ['11.0.0.1', '192.0.2.2', 'fe80::1', '::2', '', 'unknown', '10.0.0.1:80']) {
      expect(trusts(address, 0), address).toBe(false);
    }
  });

  it.each(['', 'proxy', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'fd00::/129', '10.0.0.0/x', '300.0.0.1'])(
    'refuses %j',
    (network) => {
      expect(() => trustFunction({ networks: [network] })).toThrow(Error);
    },
  );
});

describe('addressOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['unknown', 'unix'],
    ['evil\n', 'unix'],
    ['', 'unix'],
    [undefined, 'unix'],
  ])('of %j is %s', (ip, expected) => {
    expect(addressOf({ ip })).toBe(expected);
  });
});

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['unix', 'unix'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ])('of %s is %s', (address, expected) => {
    expect(networkOf(address)).toBe(expected);
  });
});
