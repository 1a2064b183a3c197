import { describe, expect, it } from '@jest/globals';
import type { RawContainer, RawTemplate } from '#clients/kubernetes/rows/template-parts.ts';
import { difference } from '#methods/undo/difference.ts';

const container = (more: object = {}): RawContainer => ({ name: 'auth', image: 'registry/auth:v2', ...more });
const template = (more: object = {}, spec: object = {}, metadata: object = {}): RawTemplate => ({
  metadata: { labels: { app: 'auth' }, ...metadata },
  spec: { containers: [container(more)], ...spec },
});
const env = (variables: Record<string, string>): object => ({
  env: Object.entries(variables).map(([name, value]) => ({ name, value })),
});
const line = (from: RawTemplate, to: RawTemplate): string => difference(from, to, 'auth').line;

describe('the line of difference', () => {
  const now = template();
  it.each([
    ['image v1.4.3 → v1.4.2', template({ image: 'r/auth:v1.4.3' }), template({ image: 'r/auth:v1.4.2' })],
    ['image a/auth:v2 → b/auth:v2', template({ image: 'a/auth:v2' }), template({ image: 'b/auth:v2' })],
    ['same image v2; env variable LOG changed', template(env({ LOG: '1' })), template(env({ LOG: '2' }))],
    ['same image v2; env variables LOG and MODE changed', template(env({ LOG: '1' })), template(env({ MODE: '2' }))],
    ['same image v2; 3 env variables changed', template(env({ A: '1', B: '2', C: '3' })), now],
    ['same image v2; start command and args changed', template({ command: ['a'], args: ['b', 'c'] }), template()],
    [
      'same image v2; probe readinessProbe changed',
      template({ readinessProbe: { periodSeconds: 1 } }),
      template({ readinessProbe: { periodSeconds: 9 } }),
    ],
    [
      'same image v2; resource limit limits.memory changed',
      template({ resources: { limits: { memory: '1Gi' } } }),
      template({ resources: { limits: { memory: '2Gi' } } }),
    ],
    [
      'same image v2; volume config changed',
      template({}, { volumes: [{ name: 'config', configMap: { name: 'a' } }] }),
      template({}, { volumes: [{ name: 'config', configMap: { name: 'b' } }] }),
    ],
    [
      'same image v2; 1 other setting changed',
      template({}, { serviceAccountName: 'a' }),
      template({}, { serviceAccountName: 'b' }),
    ],
    [
      'same image v2; only the time of a restart differs',
      template({}, {}, { annotations: { 'kubectl.kubernetes.io/restartedAt': '1' } }),
      now,
    ],
    [
      'same image v2; container proxy removed',
      template({}, { containers: [container(), { name: 'proxy', image: 'p:1', env: [] }] }),
      now,
    ],
    [
      'same image v2; proxy 1 → 2',
      template({}, { containers: [container(), { name: 'proxy', image: 'p:1' }] }),
      template({}, { containers: [container(), { name: 'proxy', image: 'p:2' }] }),
    ],
  ])('reads "%s"', (expected, from, to) => {
    expect(line(from, to)).toBe(expected);
  });

  it('does not mind the label that the controller adds, nor the order of a list with names', () => {
    const labelled = template({}, {}, { labels: { app: 'auth', 'pod-template-hash': 'x' } });
    const reordered = [env({ A: '1', B: '2' }), env({ B: '2', A: '1' })].map((e) => template(e));
    expect(difference(labelled, template(), 'auth')).toEqual({ line: 'same image v2', details: '' });
    expect(difference(reordered[0]!, reordered[1]!, 'auth').details).toBe('');
  });
});

describe('the details', () => {
  it('show what is now and what will be', () => {
    const { details } = difference(template({ image: 'r/auth:v3' }), template(), 'auth');
    expect(details).toBe('- containers[auth].image: r/auth:v3\n+ containers[auth].image: registry/auth:v2');
  });

  it('never show a value that may be a secret', () => {
    const canary = 'hunter2';
    const secretive = template(
      {
        ...env({ TOKEN: canary }),
        command: ['run', `--password=${canary}`],
        args: [canary],
        livenessProbe: { httpGet: { path: '/', httpHeaders: [{ name: 'Authorization', value: canary }] } },
        lifecycle: { preStop: { exec: { command: ['curl', canary] } } },
      },
      {},
      { annotations: { note: canary } },
    );
    for (const [from, to] of [
      [secretive, template(env({ TOKEN: 'x' }))],
      [template(env({ TOKEN: 'x' })), secretive],
    ] as const) {
      const { line: words, details } = difference(from, to, 'auth');
      expect(words + details).not.toContain(canary);
      expect(details).toContain('~ containers[auth].env[TOKEN].value: ••• (another value)');
    }
  });

  it('name the Secret and key that an env variable comes from', () => {
    const from = (key: string): RawTemplate =>
      template({ env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'auth-secrets', key } } }] });
    expect(difference(from('old'), from('new'), 'auth').details).toContain('secretKeyRef.key: new');
  });

  it('stay within 3,000 characters in whole lines, and say how many are left out', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`VARIABLE_${n}`, 'x']));
    const { details } = difference(template(env(many)), template(), 'auth');
    expect(details.length).toBeLessThanOrEqual(3_000);
    expect(details.split('\n').at(-1)).toMatch(/^… and \d+ more lines$/);
  });
});
