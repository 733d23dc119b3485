import { BlockList, isIP, isIPv4, isIPv6, type Socket } from 'node:net';

/** What the proxies before the service are known by. */
export type TrustedProxies =
  /** How many stand between clients and the service. */
  | { readonly hops: number }
  /** Their addresses, and networks as `10.0.0.0/8`. */
  | { readonly networks: readonly string[] };

/**
 * Fastify's option `trustProxy`: whether what a peer says of the one before it is believed.
 * @throws Error for what is no address or network
 */
export function trustFunction(
  proxies: TrustedProxies,
): (address: string | undefined, hop: number) => boolean {
  if ('hops' in proxies) return (_address, hop) => hop < proxies.hops;
  const list = new BlockList();
  for (const network of proxies.networks) addNetwork(list, network);
  return (address) => {
    // What comes by a Unix domain socket has none, and its file says who may connect.
    if (address === undefined) return true;
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', bits, ...rest] = network.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const prefix = Number(bits ?? (family === 'ipv6' ? 128 : 32));
  if (isIP(address) === 0 || rest.length > 0 || !/^\d+$/.test(bits ?? '0')) {
    throw new Error(`${JSON.stringify(network)} is no address or network`);
  }
  list.addSubnet(address, prefix, family);
}

/** A request, as far as its sender goes; `ip` is Fastify's, by what `trustFunction` believes. */
interface Addressed {
  readonly ip: string | undefined;
}

/**
 * Has Node.js ask the system who is at the other end of a connection, and remember it: once a client has gone, the
 * system knows no more.
 */
export function rememberAddress({ remoteAddress }: Pick<Socket, 'remoteAddress'>): boolean {
  return remoteAddress !== undefined;
}

/** Who sent a request: an IP address, or `unix` where it came by a Unix domain socket or names none. */
export function addressOf({ ip }: Addressed): string {
  const text = ip ?? '';
  if (isIP(text) !== 0) return text.replace(/^::ffff:(?=\d+\.)/i, '');
  // Some proxies add the port.
  const [, six, four] = /^(?:\[(.*)\](?::\d+)?|([\d.]+):\d+)$/.exec(text) ?? [];
  const address = six ?? four ?? '';
  return isIP(address) === 0 ? 'unix' : address;
}

/** What one customer has of addresses: one of IPv4, the first half of one of IPv6. */
export function networkOf(address: string): string {
  if (isIPv4(address) || !isIPv6(address)) return address;
  // `new URL` writes an address in its shortest form, with `::` for the longest run of zeros.
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
