/** Who sends a request: bearer tokens given at the start, and those that TokenRequest signs for service accounts. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { WorldClock } from '../../../clock.ts';
import type { ClusterStorage } from '../../storage.ts';
import type { ApiRequest } from '../message.ts';
import { unauthorized } from '../status.ts';

export interface User {
  username: string;
  uid?: string;
  groups: string[];
  extra?: Record<string, string[]>;
}

export const SERVICE_ACCOUNTS = { group: '', version: 'v1', plural: 'serviceaccounts' } as const;
export const AUDIENCE = 'https://kubernetes.default.svc';

export interface Accounts {
  /** Throws 401. Without a token: system:anonymous. */
  authenticate(request: ApiRequest): User;
  /** A token of this service account, good until `expiresAt` (ms). */
  sign(namespace: string, name: string, uid: string, expiresAt: number): string;
}

interface Claims {
  sub: string;
  exp: number;
  'kubernetes.io': { namespace: string; serviceaccount: { name: string; uid: string } };
}

const ANONYMOUS: User = { username: 'system:anonymous', groups: ['system:unauthenticated'] };

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function serviceAccountUser(namespace: string, name: string, uid: string): User {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return { username: `system:serviceaccount:${namespace}:${name}`, uid, groups };
}

export function createAccounts(
  storage: ClusterStorage,
  clock: Pick<WorldClock, 'now'>,
  tokens: Record<string, User>,
): Accounts {
  const key = randomBytes(32);
  const signature = (signed: string): string => createHmac('sha256', key).update(signed).digest('base64url');

  function fromSigned(token: string): User | undefined {
    const [header, payload, given] = token.split('.');
    if (header === undefined || payload === undefined || given === undefined) return undefined;
    const expected = Buffer.from(signature(`${header}.${payload}`));
    const actual = Buffer.from(given);
    if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
    if (claims.exp * 1000 <= clock.now()) return undefined;
    const { namespace, serviceaccount } = claims['kubernetes.io'];
    const account = storage.peekOne(SERVICE_ACCOUNTS, namespace, serviceaccount.name);
    if (account?.metadata.uid !== serviceaccount.uid) return undefined;
    return serviceAccountUser(namespace, serviceaccount.name, serviceaccount.uid);
  }

  return {
    authenticate({ headers }) {
      const [, token] = /^bearer\s+(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
      if (token === undefined) return ANONYMOUS;
      const known = Object.hasOwn(tokens, token) ? tokens[token] : undefined;
      const user = known ? { ...known, groups: [...known.groups, 'system:authenticated'] } : fromSigned(token);
      if (!user) throw unauthorized();
      return user;
    },
    sign(namespace, name, uid, expiresAt) {
      const issuedAt = Math.floor(clock.now() / 1000);
      const claims = {
        aud: [AUDIENCE],
        exp: Math.floor(expiresAt / 1000),
        iat: issuedAt,
        iss: AUDIENCE,
        'kubernetes.io': { namespace, serviceaccount: { name, uid } },
        nbf: issuedAt,
        sub: `system:serviceaccount:${namespace}:${name}`,
      };
      const signed = `${encode({ alg: 'HS256', kid: 'simulated' })}.${encode(claims)}`;
      return `${signed}.${signature(signed)}`;
    },
  };
}
