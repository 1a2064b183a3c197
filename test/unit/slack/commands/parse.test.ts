import { describe, expect, it } from '@jest/globals';
import { array, assert, constantFrom, nat, oneof, property, string } from 'fast-check';
import { parseCommand, type OpenCommand } from '#slack/commands/parse.ts';
import { catalogue } from '../catalogue.ts';

const read = (line: string) => parseCommand(line, catalogue);
const opened = (wanted: Partial<OpenCommand>): OpenCommand => ({
  kind: 'open',
  services: [],
  fullSystem: false,
  dryRun: false,
  drill: false,
  ...wanted,
});
const auth = { services: ['auth-service'], environment: 'production' };

describe('names', () => {
  const rows: [string, Partial<OpenCommand>][] = [
    ['', {}],
    ['   ', {}],
    ['auth-service production', auth],
    ['production auth-service', auth],
    ['AUTH-Service PRODUCTION', auth],
    ['auth-service in production', auth],
    ['auth-service prod', auth],
    ['prod auth', auth],
    ['Auth live', auth],
    ['“auth-service” production', auth],
    ['`auth-service` production', auth],
    ['auth—service production', auth],
    ['auth service production', auth],
    ['auth', { services: ['auth-service'] }],
    ['api prod', { services: ['api-gateway'], environment: 'production' }],
    ['orders staging', { services: ['order-payment-service'], environment: 'staging' }],
    ['production', { environment: 'production' }],
    ['prod', { environment: 'production' }],
    ['prod product', { services: ['product-service'], environment: 'production' }],
    ['auth content production', { services: ['auth-service', 'content-service'], environment: 'production' }],
    [
      'auth, content and customer in prod',
      { services: ['auth-service', 'content-service', 'customer-service'], environment: 'production' },
    ],
    [
      'prod auth-service customer-service',
      { services: ['auth-service', 'customer-service'], environment: 'production' },
    ],
    ['auth-service auth-service production', auth],
  ];
  it.each(rows)('“%s”', (line, wanted) => {
    expect(read(line)).toEqual(opened(wanted));
  });
});

describe('the reason is the rest of the line, whole and as typed', () => {
  const rows: [string, Partial<OpenCommand>][] = [
    ['auth-service production all logins fail', { ...auth, reason: 'all logins fail' }],
    ['production auth-service all logins fail', { ...auth, reason: 'all logins fail' }],
    ['auth prod All Logins  FAIL – since 02:51', { ...auth, reason: 'All Logins  FAIL – since 02:51' }],
    ['auth-service production “all logins fail”', { ...auth, reason: 'all logins fail' }],
    ['auth-service production say "no" to it', { ...auth, reason: 'say "no" to it' }],
    ['auth-service production customer-service cannot log in', { ...auth, reason: 'customer-service cannot log in' }],
    ['prod auth content is missing', { ...auth, reason: 'content is missing' }],
    ['auth content is missing', { services: ['auth-service'], reason: 'content is missing' }],
    ['auth-service production staging works', { ...auth, reason: 'staging works' }],
    ['production auth-service staging works', { ...auth, reason: 'staging works' }],
    ['production not working', { environment: 'production', reason: 'not working' }],
    ['production app is down', { environment: 'production', reason: 'app is down' }],
    ['auth-service stale cache', { services: ['auth-service'], reason: 'stale cache' }],
    ['auth-service all logins fail', { services: ['auth-service'], reason: 'all logins fail' }],
    ['auth-service production P1: <!channel> & co', { ...auth, reason: 'P1: <!channel> & co' }],
    ['auth-service production — broken', { ...auth, reason: '— broken' }],
  ];
  it.each(rows)('“%s”', (line, wanted) => {
    expect(read(line)).toEqual(opened(wanted));
  });
});

describe('“all” means the full system only where no service is named', () => {
  const rows: [string, Partial<OpenCommand>][] = [
    ['all production', { fullSystem: true, environment: 'production' }],
    ['ALL Prod', { fullSystem: true, environment: 'production' }],
    ['production all', { fullSystem: true, environment: 'production' }],
    ['all', { fullSystem: true }],
    ['all services in production', { fullSystem: true, environment: 'production' }],
    ['all production everything is red', { fullSystem: true, environment: 'production', reason: 'everything is red' }],
    ['all auth-service production', auth],
    ['auth-service all production', { services: ['auth-service'], reason: 'all production' }],
    ['all logins fail on auth-service', { reason: 'all logins fail on auth-service' }],
    [
      'production all logins fail since auth-service went out',
      { environment: 'production', reason: 'all logins fail since auth-service went out' },
    ],
  ];
  it.each(rows)('“%s”', (line, wanted) => {
    expect(read(line)).toEqual(opened(wanted));
  });
});

describe('flags, with the dashes of a phone', () => {
  const rows: [string, Partial<OpenCommand>][] = [
    ['auth-service production --to 41', { ...auth, to: '41' }],
    ['Auth prod —to v1.4.2', { ...auth, to: 'v1.4.2' }],
    ['auth prod –to v1.4.2', { ...auth, to: 'v1.4.2' }],
    ['auth prod −−to 41', { ...auth, to: '41' }],
    ['—to 41 auth prod', { ...auth, to: '41' }],
    ['auth --TO=v1.4.2 prod', { ...auth, to: 'v1.4.2' }],
    ['auth prod --to “v1.4.2”', { ...auth, to: 'v1.4.2' }],
    ['auth prod --to v1.4.2 all logins fail', { ...auth, to: 'v1.4.2', reason: 'all logins fail' }],
    ['auth prod all logins fail --to v1.4.2', { ...auth, to: 'v1.4.2', reason: 'all logins fail' }],
    ['auth prod --dry-run', { ...auth, dryRun: true }],
    ['auth prod —dry–run', { ...auth, dryRun: true }],
    ['auth prod logins fail --dry-run', { ...auth, dryRun: true, reason: 'logins fail' }],
    ['auth prod logins --dry-run fail', { ...auth, dryRun: true, reason: 'logins fail' }],
    ['auth staging --drill', { services: ['auth-service'], environment: 'staging', drill: true }],
    ['auth prod went from fast —to slow', { ...auth, reason: 'went from fast —to slow' }],
    ['auth prod tried --force', { ...auth, reason: 'tried --force' }],
  ];
  it.each(rows)('“%s”', (line, wanted) => {
    expect(read(line)).toEqual(opened(wanted));
  });
});

describe('other commands', () => {
  it.each([
    ['history auth-service production', { kind: 'history', environment: 'production', service: 'auth-service' }],
    ['History prod auth', { kind: 'history', environment: 'production', service: 'auth-service' }],
    ['auth prod history', { kind: 'history', environment: 'production', service: 'auth-service' }],
    ['status', { kind: 'status' }],
    ['status prod', { kind: 'status', environment: 'production' }],
    ['STATUS', { kind: 'status' }],
    ['help', { kind: 'help' }],
    ['?', { kind: 'help' }],
    ['locks', { kind: 'locks' }],
  ])('“%s”', (line, wanted) => {
    expect(read(line)).toEqual(wanted);
  });
});

describe('what cannot be read is said, with the line as it was probably meant', () => {
  it.each([
    ['auht-service production', /not a service.*Did you mean auth-service/, '/rollback auth-service production'],
    ['auht production', /Did you mean auth-service/, '/rollback auth-service production'],
    ['autth-service prod logins', /Did you mean auth-service/, '/rollback auth-service prod logins'],
    ['auth-service prodution', /not an environment.*Did you mean production/, '/rollback auth-service production'],
    ['auth-service in stagin', /Did you mean staging/, '/rollback auth-service in staging'],
    ['auth prdo', /Did you mean production/, '/rollback auth production'],
    ['checkout production', /not a service.*auth-service/, undefined],
    ['auth-service qa', /not an environment.*production, staging, dev/, undefined],
    ['con production', /could be|not a service/, undefined],
    ['produ', /could be product-service or production/, undefined],
    ['a production', /not a service/, undefined],
    ['auth-service content-service prod --to 41', /one service only/, '/rollback auth-service production --to 41'],
    ['all prod --to 41', /one service only/, '/rollback api-gateway production --to 41'],
    ['auth prod --to', /needs a revision/, undefined],
    ['auth --force prod', /--force is not known/, undefined],
    ['prod staging auth', /Two environments/, undefined],
    ['history', /which service/, undefined],
    ['history auth', /which environment/, '/rollback history auth-service production'],
    ['history auth-service content-service prod', /one service/, undefined],
  ])('“%s”', (line, message, instead) => {
    const command = read(line);
    expect(command).toMatchObject({ kind: 'problem', message: expect.stringMatching(message) });
    expect('instead' in command ? command.instead : undefined).toBe(instead);
  });

  it('takes the odd word for the reason when the person says so', () => {
    expect(parseCommand('auth-service qa', catalogue, { asTyped: true })).toEqual(
      opened({ services: ['auth-service'], reason: 'qa' }),
    );
  });
});

it('never throws, and never widens to the full system when a service is named, whatever is typed', () => {
  const word = oneof(
    constantFrom('all', 'prod', 'staging', '—to', '41', '--dry-run', 'in', 'and', 'fail', 'history'),
    string({ maxLength: 8 }),
  );
  assert(
    property(array(word, { maxLength: 6 }), nat(6), (around, at) => {
      const line = around.toSpliced(at, 0, 'auth-service').join(' ');
      const command = read(line);
      expect(command.kind === 'open' && command.fullSystem).toBe(false);
    }),
  );
});
