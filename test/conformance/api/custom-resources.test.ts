/** Our own definition, k8s/crd.yaml: what it validates, prunes and fills in, what its CEL rules forbid, and how it is shown. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '#clients/kubernetes/api.ts';
import { rows } from '../harness/kubectl.ts';
import { usePlane } from '../harness/plane.ts';

const plane = await usePlane('custom');
const { api, namespace, signal, kubectl, out } = plane;
const rollbacks = `/apis/ops.lomashwood.com/v1alpha1/namespaces/${namespace}/rollbacks`;

type Rollback = KubernetesObject & { spec: Record<string, unknown>; status?: Record<string, unknown> };

const by = { id: 'U1', name: 'Ada' };
const answer = { kind: 'check', by, at: '2026-03-01T03:04:05Z', item: 'login', answer: 'pass' };
const SPEC = {
  environment: 'production',
  targets: [{ service: 'auth-service' }],
  reason: { kind: 'other', text: 'all logins fail' },
  requestedBy: { ...by, via: 'slack' },
};

const STATUS = { phase: 'Pending', epoch: 3, schema: 1 };

const body = (name: string, spec: object = {}): object => ({
  apiVersion: 'ops.lomashwood.com/v1alpha1',
  kind: 'Rollback',
  metadata: { name },
  spec: { ...SPEC, ...spec },
});

const create = (name: string, spec?: object): Promise<Rollback> =>
  api.create<Rollback>(rollbacks, body(name, spec), { signal });
const change = (name: string, patch: object): Promise<Rollback> =>
  api.mergePatch<Rollback>(`${rollbacks}/${name}`, patch, { signal });
const changeStatus = (name: string, status: object): Promise<Rollback> =>
  api.mergePatch<Rollback>(`${rollbacks}/${name}/status`, { status }, { signal });

beforeAll(() => plane.define());

describe('what is created', () => {
  it('gets its defaults, a generation and no status', async () => {
    const made = await create('defaults', { method: undefined });
    expect(made.spec['method']).toBe('undo');
    expect(made.metadata.generation).toBe(1);
    expect(made).not.toHaveProperty('status');
  });

  it('loses what the schema does not know, without a word', async () => {
    const made = await create('pruned', { nonsense: 1, targets: [{ service: 'a', more: 'x' }] });
    expect(made.spec).not.toHaveProperty('nonsense');
    expect(made.spec['targets']).toEqual([{ service: 'a' }]);
  });

  it('loses it with a warning to who asks, and is refused to who wants it strict', async () => {
    const text = JSON.stringify(body('warned', { nonsense: 1 }));
    const lax = await kubectl('create -f - --validate=warn', text);
    expect(lax.code).toBe(0);
    expect(lax.err).toContain('unknown field "spec.nonsense"');
    const strict = await kubectl('create -f - --validate=strict', text.replace('warned', 'strict'));
    expect(strict.err).toContain('strict decoding error: unknown field "spec.nonsense"');
  });

  it('has no status, whatever was sent with it', async () => {
    const made = await api.create<Rollback>(
      rollbacks,
      { ...body('status-sent'), status: { phase: 'Resolved' } },
      { signal },
    );
    expect(made).not.toHaveProperty('status');
  });

  it.each<[string, object, string]>([
    ['without what is required', { environment: undefined }, 'spec.environment: Required value'],
    ['with a type that is wrong', { environment: 7 }, 'spec.environment in body must be of type string: "integer"'],
    ['with a text that is too short', { environment: '' }, 'spec.environment'],
    ['with a text that is too long', { environment: 'e'.repeat(254) }, 'spec.environment: Too long'],
    ['with a word that is not in the list', { method: 'magic' }, 'spec.method: Unsupported value'],
    ['with too few items', { targets: [] }, 'spec.targets'],
    [
      'with too many items',
      { targets: Array.from({ length: 51 }, () => ({ service: 's' })) },
      'spec.targets: Too many',
    ],
    ['with an item that lacks something', { targets: [{ to: 'x' }] }, 'spec.targets[0].service: Required value'],
    ['with a time that is none', { inputs: { a: { ...answer, at: 'noon' } } }, 'spec.inputs.a.at'],
    [
      'with an item of a map that lacks something',
      { inputs: { a: { kind: 'note' } } },
      'spec.inputs.a.at: Required value',
    ],
  ])('is refused %s', async (what, spec, text) => {
    const name = what.replaceAll(/\W+/g, '-').toLowerCase();
    await expect(create(name, spec)).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
    const { err } = await kubectl('create --validate=ignore -f -', JSON.stringify(body(name, spec)));
    expect(err).toContain(text);
  });

  it.each([
    ['another kind', { kind: 'Other' }, 422],
    ['another version', { apiVersion: 'ops.lomashwood.com/v1' }, 400],
    ['no kind', { kind: undefined }, 400],
  ])('is refused as %s', async (_what, other, status) => {
    const sent = { ...body('misnamed'), ...other };
    await expect(api.create(rollbacks, sent, { signal })).rejects.toMatchObject({ status });
  });
});

describe('a CEL rule', () => {
  it('keeps the spec as it was', async () => {
    await create('fixed');
    await expect(change('fixed', { spec: { environment: 'dev' } })).rejects.toMatchObject({
      status: 422,
      reason: 'Invalid',
    });
    await expect(change('fixed', { spec: { targets: [{ service: 'other' }] } })).rejects.toMatchObject({ status: 422 });
    await expect(change('fixed', { spec: { dryRun: true } })).rejects.toMatchObject({ status: 422 });
    await expect(change('fixed', { spec: { environment: null } })).rejects.toMatchObject({ status: 422 });
    expect((await change('fixed', { metadata: { labels: { a: 'b' } } })).metadata.generation).toBe(1);
  });

  it('is told by kubectl with the field', async () => {
    await create('told');
    const { err } = await kubectl(['patch', 'rb', 'told', '--type=merge', '-p', '{"spec":{"environment":"dev"}}']);
    expect(err).toContain(
      'The Rollback "told" is invalid: spec: Invalid value: environment cannot be changed: create a new Rollback',
    );
  });

  it('lets inputs grow, and never change, vanish or be set to null', async () => {
    await create('growing');
    await change('growing', { spec: { inputs: { a: answer } } });
    const both = await change('growing', { spec: { inputs: { b: { ...answer, answer: 'fail' } } } });
    expect(Object.keys(both.spec['inputs'] as object)).toEqual(['a', 'b']);
    const refused = { status: 422, reason: 'Invalid' };
    await expect(change('growing', { spec: { inputs: { a: { answer: 'fail' } } } })).rejects.toMatchObject(refused);
    await expect(change('growing', { spec: { inputs: { a: null } } })).rejects.toMatchObject(refused);
    await expect(change('growing', { spec: { inputs: null } })).rejects.toMatchObject(refused);
  });

  it('finds the same input sent twice no change', async () => {
    await create('repeated');
    const once = await change('repeated', { spec: { inputs: { a: answer } } });
    const twice = await change('repeated', { spec: { inputs: { a: answer } } });
    expect(twice.metadata.resourceVersion).toBe(once.metadata.resourceVersion);
    expect(twice.metadata.generation).toBe(2);
  });
});

describe('its status', () => {
  it('is written beside the spec, raises no generation, and is pruned too', async () => {
    await create('reported');
    const written = await changeStatus('reported', { ...STATUS, nonsense: true });
    expect(written.status).toMatchObject({ phase: 'Pending', epoch: 3, message: '', conditions: [] });
    expect(written.status).not.toHaveProperty('nonsense');
    expect(written.metadata.generation).toBe(1);
    const { status } = await change('reported', { status: { phase: 'Resolved' } });
    expect(status).toMatchObject({ phase: 'Pending' });
  });

  it('is refused with a phase that is none', async () => {
    await create('misreported');
    await expect(changeStatus('misreported', { ...STATUS, phase: 'Magic' })).rejects.toMatchObject({ status: 422 });
  });

  it('is fenced by a test of the term and of the version', async () => {
    await create('fenced');
    const { metadata } = await changeStatus('fenced', STATUS);
    const path = `${rollbacks}/fenced/status`;
    const fenced = (epoch: number, version: string): Promise<Rollback> =>
      api.jsonPatch<Rollback>(
        path,
        [
          { op: 'test', path: '/status/epoch', value: epoch },
          { op: 'test', path: '/metadata/resourceVersion', value: version },
          { op: 'replace', path: '/status/phase', value: 'RollingBack' },
        ],
        { signal },
      );
    await expect(fenced(2, metadata.resourceVersion)).rejects.toMatchObject({ status: 422 });
    await expect(fenced(3, '1')).rejects.toMatchObject({ status: 422 });
    expect((await fenced(3, metadata.resourceVersion)).status).toMatchObject({ phase: 'RollingBack' });
  });
});

describe('kubectl', () => {
  it('knows its names, its columns and its fields', async () => {
    await create('shown');
    await changeStatus('shown', { ...STATUS, phase: 'Monitoring', message: '1 of 1 back' });
    const [head, row] = rows(await out('get rb shown'));
    expect(head).toEqual(['NAME', 'ENVIRONMENT', 'PHASE', 'STATUS', 'BY', 'AGE']);
    expect(row?.slice(0, 5)).toEqual(['shown', 'production', 'Monitoring', '1 of 1 back', 'Ada']);
    expect(rows(await out('get rollbacks shown -o wide'))[0]).toContain('REASON');
    expect(await out('explain rollback.spec')).toMatch(/environment\s+<string> -required-/);
    expect(await out('api-resources --api-group=ops.lomashwood.com --no-headers')).toMatch(
      /^rollbacks\s+rb\s+ops\.lomashwood\.com\/v1alpha1\s+true\s+Rollback$/m,
    );
  });

  it('waits for a condition', async () => {
    await create('awaited');
    const waiting = out('wait --for=condition=Complete rb/awaited --timeout=60s');
    const lastTransitionTime = '2026-03-01T03:04:05Z';
    const complete = { type: 'Complete', status: 'True', reason: 'AllBack', message: '', lastTransitionTime };
    await changeStatus('awaited', { ...STATUS, conditions: [complete] });
    expect(await waiting).toContain('rollback.ops.lomashwood.com/awaited condition met');
  });

  it('is held by a finalizer until it is settled', async () => {
    await create('finalized');
    await change('finalized', { metadata: { finalizers: ['ops.lomashwood.com/settled'] } });
    await out('delete rb finalized --wait=false');
    expect((await api.get<Rollback>(`${rollbacks}/finalized`, { signal })).metadata.deletionTimestamp).toBeDefined();
    await change('finalized', { metadata: { finalizers: [] } });
    await expect(api.get(`${rollbacks}/finalized`, { signal })).rejects.toMatchObject({ status: 404 });
  });
});
