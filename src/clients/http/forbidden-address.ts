/** Addresses that a health read must never reach: link-local (cloud metadata), unspecified, multicast, and by name also loopback. */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, type LookupFunction, isIPv6 } from 'node:net';

const never = new BlockList();
never.addSubnet('169.254.0.0', 16);
never.addSubnet('0.0.0.0', 8);
never.addSubnet('224.0.0.0', 4);
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
never.addAddress('::', 'ipv6');
never.addAddress('fd00:ec2::254', 'ipv6');

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet('127.0.0.0', 8);
loopbackAddresses.addAddress('::1', 'ipv6');

export function isForbidden(address: string, { loopback }: { loopback: 'allowed' | 'forbidden' }): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  return never.check(address, family) || (loopback === 'forbidden' && loopbackAddresses.check(address, family));
}

class ForbiddenAddress extends Error {
  override name = 'ForbiddenAddress';
  readonly code = 'ERR_FORBIDDEN_ADDRESS';
}

/** `dns.lookup`, which keeps only addresses that may be reached: what is connected to is what was checked. */
export const guardedLookup: LookupFunction = (hostname, options, answer) => {
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  const every: LookupOptions & { all: true } = { ...options, all: true };
  lookup(hostname, every, (error, addresses: LookupAddress[]) => {
    if (error) return answer(error, '', 0);
    const loopback = isLocal ? 'allowed' : 'forbidden';
    const allowed = addresses.filter(({ address }) => !isForbidden(address, { loopback }));
    const [first] = allowed;
    if (first === undefined) return answer(new ForbiddenAddress(`${hostname} resolves to no allowed address`), '', 0);
    return options.all ? answer(null, allowed) : answer(null, first.address, first.family);
  });
};
