import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { ApiError } from '#clients/kubernetes/api.ts';
import { connect } from '#clients/kubernetes/api-server.ts';
import { NotFoundError, UnavailableError } from '#rollback/ports.ts';
import type { Rollback } from '#rollback/rollback.ts';
import type { RollbackSpec } from '#rollback/spec.ts';
import { STATUS_SCHEMA } from '#rollback/status.ts';
import { ConflictError, FencedError } from '#store/fence.ts';
import { createStore } from '#store/store.ts';
import { clock, eventually, kubeconfigPath, usePlane } from './plane.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const plane = usePlane('store');
const { api, namespace, signal } = plane;
const store = createStore({ api, namespace, clock });
const rollbacks = `/apis/ops.lomashwood.com/v1alpha1/namespaces/${namespace}/rollbacks`;
const at = '2026-03-01T03:04:05Z';
const by = { id: 'U1', name: 'Ada' };

const spec = (service = 'auth-service'): RollbackSpec => ({
  environment: 'production',
  method: 'undo',
  targets: [{ service }],
  reason: { kind: 'health-check' },
  requestedBy: { ...by, via: 'slack' },
});

async function created(name: string): Promise<Awaited<ReturnType<typeof store.create>>['rollback']> {
  return (await store.create(name, spec(), signal)).rollback;
}

beforeAll(async () => {
  const crd: unknown = parse(await readFile('k8s/crd.yaml', 'utf8'));
  await api.create(CRDS, crd, { signal }).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
  });
  await eventually('the definition is served', () => api.get(rollbacks, { signal }).catch(() => undefined));
  await store.start(signal);
});

describe('the finalizer', () => {
  it('keeps a deleted Rollback until nothing is left to do, and takes status writes meanwhile', async () => {
    const rollback = await created('held');
    await api.delete(`${rollbacks}/held`, { signal });
    const deleted = await eventually('it is marked', () => {
      const known = store.get('held');
      return known?.metadata.deletionTimestamp === undefined ? undefined : known;
    });
    const written = await store.patchStatus(deleted, { message: 'deleted' }, { epoch: 1 }, signal);
    expect(written.status?.message).toBe('deleted');
    await expect(store.release(rollback, signal)).rejects.toBeInstanceOf(ConflictError);
    await store.release(written, signal);
    await eventually('it is gone', () => (store.get('held') === undefined ? true : undefined));
  });

  it('is given to what was made with kubectl, once', async () => {
    const raw = {
      apiVersion: 'ops.lomashwood.com/v1alpha1',
      kind: 'Rollback',
      metadata: { name: 'by-hand' },
      spec: spec(),
    };
    await api.create(rollbacks, raw, { signal });
    const known = await eventually('it is seen', () => store.get('by-hand'));
    const held = await store.hold(known, signal);
    expect(held.metadata.finalizers).toEqual(['ops.lomashwood.com/settle']);
    expect(await store.hold(held, signal)).toBe(held);
    await store.release(held, signal);
    expect(store.get('by-hand')?.metadata.finalizers ?? []).toEqual([]);
  });
});

describe('creating', () => {
  it('is the same rollback when repeated, and another when the spec differs', async () => {
    expect((await store.create('twice', spec(), signal)).outcome).toBe('created');
    expect(store.get('twice')?.spec.targets).toEqual([{ service: 'auth-service' }]);
    expect((await store.create('twice', spec(), signal)).outcome).toBe('same');
    expect((await store.create('twice', spec('api-gateway'), signal)).outcome).toBe('different');
  });

  it('stays the same rollback after people have added to it', async () => {
    await created('noted');
    const note = { kind: 'note' as const, by, at, text: 'looking' };
    await store.addInput('noted', 'k1', note, signal);
    const twice = await store.addInput('noted', 'k1', note, signal);
    expect(twice.spec.inputs).toEqual({ k1: note });
    expect(await store.create('noted', spec(), signal)).toMatchObject({ outcome: 'same' });
  });

  it('lets only one of two through whose answer stands while nobody else was quicker', async () => {
    await created('contested');
    const taken = { kind: 'request' as const, by, at, request: 'take-over' as const };
    const add = (key: string) =>
      store.addInput('contested', key, taken, signal, ({ spec: { inputs } }) => inputs === undefined);
    const both = await Promise.all(['k1', 'k2'].map(add));
    const [first, second] = both.map((rollback) => Object.keys(rollback.spec.inputs ?? {}));
    expect(first).toHaveLength(1);
    expect(second).toEqual(first);
  });

  it('tells an outage from a missing object', async () => {
    const note = { kind: 'note' as const, by, at, text: 'late' };
    await expect(store.addInput('nobody', 'k1', note, signal)).rejects.toBeInstanceOf(NotFoundError);
    const gone = connect({ kubeconfigPath: kubeconfigPath(), clock });
    await gone.get('/version', { signal });
    await gone.close();
    const cut = createStore({ api: gone, namespace, clock });
    await expect(cut.create('cut', spec(), signal)).rejects.toBeInstanceOf(UnavailableError);
  });
});

describe('writing status', () => {
  it('begins a status that was not there, once', async () => {
    const rollback = await created('begun');
    const begun = await store.patchStatus(rollback, { phase: 'RollingBack' }, { epoch: 3, ifUnchanged: true }, signal);
    expect(begun.status).toMatchObject({ phase: 'RollingBack', epoch: 3, schema: STATUS_SCHEMA, slack: {} });
    expect(store.get('begun')?.status?.phase).toBe('RollingBack');
    await expect(
      store.patchStatus(rollback, { phase: 'Pending' }, { epoch: 3, ifUnchanged: true }, signal),
    ).rejects.toBeInstanceOf(ConflictError);
  });

  it('keeps what parallel writers of other fields and slots wrote', async () => {
    const stale = await store.patchStatus(await created('parallel'), { phase: 'RollingBack' }, { epoch: 3 }, signal);
    const slot = (ts: string) => ({ channel: 'C1', state: 'sent' as const, at, ts });
    await Promise.all([
      store.patchStatus(stale, { message: '1 of 3' }, { epoch: 3 }, signal),
      store.patchStatus(stale, { slack: { root: slot('1') } }, { epoch: 3 }, signal),
      store.patchStatus(stale, { slack: { 'timeline/1~a': slot('2') } }, { epoch: 3 }, signal),
    ]);
    const { status } = await eventually('all three', () => {
      const seen = store.get('parallel');
      return Object.keys(seen?.status?.slack ?? {}).length === 2 && seen?.status?.message ? seen : undefined;
    });
    expect(status).toMatchObject({
      message: '1 of 3',
      phase: 'RollingBack',
      slack: { root: slot('1'), 'timeline/1~a': slot('2') },
    });
  });

  it('writes slots among people who tick all the time, and loses neither', async () => {
    const rollback = await store.patchStatus(await created('ticked'), { phase: 'RollingBack' }, { epoch: 3 }, signal);
    const slot = (ts: string) => ({ channel: 'C1', state: 'sent' as const, at, ts });
    // A replica that sees nothing of what the others write, and whose every first try finds a newer version.
    const blind = createStore({ api, namespace, clock });
    const over = new AbortController();
    let ticks = 0;
    const people = ['U1', 'U2'].map(async (id) => {
      for (let n = 0; !over.signal.aborted && n < 140; n++, ticks++) {
        const input = { kind: 'check' as const, item: 'login', answer: 'pass' as const, by: { ...by, id }, at };
        await store.addInput('ticked', `${id}-${n}`, input, signal);
      }
    });
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8])
      await blind.patchStatus(rollback, { slack: { [`timeline/${n}`]: slot(String(n)) } }, { epoch: 3 }, signal);
    over.abort();
    await Promise.all(people);
    const { spec: asked, status } = await api.get<Rollback>(`${rollbacks}/ticked`, { signal });
    expect(Object.keys(asked.inputs ?? {})).toHaveLength(ticks);
    expect(Object.keys(status?.slack ?? {})).toHaveLength(8);
  });

  it('refuses the writes of a deposed leader once the new one has claimed the object', async () => {
    const old = await store.patchStatus(await created('deposed'), { phase: 'RollingBack' }, { epoch: 3 }, signal);
    await store.patchStatus(old, { epoch: 4 }, { epoch: 3, ifUnchanged: true }, signal);
    await expect(store.patchStatus(old, { phase: 'Failed' }, { epoch: 3 }, signal)).rejects.toBeInstanceOf(FencedError);
    const late = await store.patchStatus(old, { message: 'claimed' }, { epoch: 4 }, signal);
    expect(late.status).toMatchObject({ phase: 'RollingBack', epoch: 4, message: 'claimed' });
  });

  it('lets a cancel that came first win over the write that opens', async () => {
    const rollback = await created('cancelled');
    await store.addInput('cancelled', 'k', { kind: 'request', by, at, request: 'cancel' }, signal);
    await expect(
      store.patchStatus(rollback, { phase: 'RollingBack' }, { epoch: 3, ifUnchanged: true }, signal),
    ).rejects.toBeInstanceOf(ConflictError);
    expect(await api.get(`${rollbacks}/cancelled`, { signal })).not.toHaveProperty('status');
  });

  it('says when the server refuses the content', async () => {
    const rollback = await store.patchStatus(await created('refused'), { phase: 'Pending' }, { epoch: 3 }, signal);
    await expect(
      store.patchStatus(rollback, { phase: 'Nowhere' as 'Pending' }, { epoch: 3 }, signal),
    ).rejects.toMatchObject({ name: 'TerminalError', reason: 'Invalid' });
  });
});

it('sets an object of a newer schema aside, and goes on with the others', async () => {
  await created('newer');
  const status = { schema: 99, epoch: 1, phase: 'Pending' };
  await api.mergePatch(`${rollbacks}/newer/status`, { status }, { signal });
  const aside = await eventually('it is reported', () => store.setAside().find((a) => a.name === 'newer'));
  expect(aside).toMatchObject({ why: 'newer-schema' });
  expect(store.get('newer')).toBeUndefined();
  expect((await created('after')).metadata.name).toBe('after');
  expect(store.list()[0]?.metadata.name).not.toBe('newer');
});
