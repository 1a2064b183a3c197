import { describe, expect, it } from '@jest/globals';
import { guardedLookup, isForbidden } from '#clients/http/forbidden-address.ts';

describe('addresses that a health read must not reach', () => {
  it.each(['169.254.169.254', '::ffff:169.254.169.254', 'fe80::1', '0.0.0.0', '::', '224.0.0.1', 'fd00:ec2::254'])(
    '%s is forbidden always',
    (address) => {
      expect(isForbidden(address, { loopback: 'allowed' })).toBe(true);
    },
  );

  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])(
    '%s is forbidden unless it was written down',
    (address) => {
      expect(isForbidden(address, { loopback: 'forbidden' })).toBe(true);
      expect(isForbidden(address, { loopback: 'allowed' })).toBe(false);
    },
  );

  it.each(['10.0.0.7', '93.184.215.14', '2606:2800:21f::1'])('%s is allowed', (address) => {
    expect(isForbidden(address, { loopback: 'forbidden' })).toBe(false);
  });
});

describe('looking up a name', () => {
  const lookUp = (hostname: string, all: boolean): Promise<unknown> =>
    new Promise((resolve, reject) => {
      guardedLookup(hostname, { all }, (error, address) => (error ? reject(error) : resolve(address)));
    });

  it('answers loopback for localhost, which says what it is', async () => {
    expect(['127.0.0.1', '::1']).toContain(await lookUp('localhost', false));
    expect(await lookUp('localhost', true)).toContainEqual(expect.objectContaining({ address: expect.any(String) }));
  });

  it('refuses a name that leads to a forbidden address', async () => {
    await expect(lookUp('169.254.169.254', false)).rejects.toMatchObject({ code: 'ERR_FORBIDDEN_ADDRESS' });
    await expect(lookUp('127.0.0.1', true)).rejects.toMatchObject({ code: 'ERR_FORBIDDEN_ADDRESS' });
  });
});
