import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { redact } from '#rollback/redaction.ts';

/** Put together at run time, so that no scanner takes them for real ones. */
const join = (...parts: string[]): string => parts.join('');
const canaries: Record<string, string> = {
  'a bot token of Slack': join('xoxb', '-123456789012-abcdefGHIJKL'),
  'an app token of Slack': join('xapp', '-1-A0123-456-abcdef'),
  'a webhook of Slack': join('https://hooks.slack.com/services/', 'T000/B000/abcdefgh'),
  'an access key of AWS': join('AKIA', 'IOSFODNN7EXAMPLE'),
  'a JWT': join('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0In0', '.abc-DEF_123'),
  'a key of Stripe': join('sk_live', '_4eC39HqLyjWDarjtT1zdp7dc'),
  'a webhook secret of Stripe': join('whsec', '_abcdefgh12345678'),
  'a token of GitHub': join('ghp', '_abcdefghijklmnopqrstuvwxyz0123'),
};

describe('secrets in what was captured', () => {
  it.each(Object.entries(canaries))('%s is taken out', (_what, secret) => {
    const clean = redact(`2026-11-23T03:00:00Z connecting with ${secret} now`);
    expect(clean).not.toContain(secret.slice(-8));
    expect(clean).toMatch(/^2026-11-23T03:00:00Z connecting with .*\[redacted\] now$/);
  });

  it.each([
    ['DB_PASSWORD=hunter2 next', 'DB_PASSWORD=[redacted] next'],
    ['{"dbPassword":"hunter2","user":"ann"}', '{"dbPassword":[redacted],"user":"ann"}'],
    [String.raw`"{\"token\":\"hunter2\",\"user\":\"ann\"}"`, String.raw`"{\"token\":[redacted],\"user\":\"ann\"}"`],
    ['api-key: hunter2, retry: 3', 'api-key: [redacted], retry: 3'],
    ["client_secret = 'hun ter2'", 'client_secret = [redacted]'],
    ['Authorization: Bearer hunter2hunter2', 'Authorization: [redacted] [redacted]'],
    ['postgres://lomash:hunter2@postgres:5432/auth', 'postgres://[redacted]@postgres:5432/auth'],
    ['redis://:hunter/2@redis:6379', 'redis://[redacted]@redis:6379'],
    ['GET /login?token=hunter2&next=1', 'GET /login?token=[redacted]&next=1'],
  ])('%s', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it('takes out a private key, also one whose end was cut off', () => {
    const begin = join('-----BEGIN RSA ', 'PRIVATE KEY-----');
    const end = join('-----END RSA ', 'PRIVATE KEY-----');
    expect(redact(`a\n${begin}\nMIIEhunter2\n${end}\nb`)).toBe('a\n[redacted]\nb');
    expect(redact(`a\n${begin}\nMIIEhunter2`)).toBe('a\n[redacted]');
  });

  it.each([
    'Error: secret "lomash-wood-secrets" not found',
    'GET https://api.lomashwood.com/v1/auth/health 503 in 12 ms',
    'Deployment lomash-wood/auth-service, revision 4',
  ])('leaves ordinary lines alone: %s', (line) => {
    expect(redact(line)).toBe(line);
  });

  it('lets no canary through, whatever stands around it', () => {
    const around = fc.string({ unit: fc.constantFrom(' ', '\n', '"', "'", '{', ':', ',', '(', '=', '\t') });
    fc.assert(
      fc.property(around, fc.constantFrom(...Object.values(canaries)), around, (before, secret, after) => {
        expect(redact(before + secret + after)).not.toContain(secret);
      }),
    );
  });
});
