import { describe, expect, it } from '@jest/globals';
import { ApiError, ApiUnreachable, type KubernetesObject } from '#clients/kubernetes/api.ts';
import { connect } from '#clients/kubernetes/api-server.ts';
import { mayI } from '#clients/kubernetes/may-i.ts';
import { watchCollection } from '#clients/kubernetes/watched.ts';
import { workloads } from '#clients/kubernetes/workloads.ts';
import { clock, eventually, kubeconfigPath, usePlane } from './plane.ts';
import { deployment } from './deployment.ts';

const plane = usePlane('workloads');
const { api, signal } = plane;
const deployments = `/apis/apps/v1/namespaces/${plane.namespace}/deployments`;

describe('the connection to a real API server', () => {
  it('names verb and object when something does not exist', async () => {
    const failure = await api.get(`${deployments}/nobody`, { signal }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ status: 404, reason: 'NotFound', operation: 'get deployments.apps nobody' });
  });

  it('answers 422 for a failed test of a patch, and changes nothing', async () => {
    await api.create(deployments, deployment('guarded', { image: 'guarded:v1', replicas: 0 }), { signal });
    const patch = [
      { op: 'test' as const, path: '/spec/template', value: {} },
      { op: 'replace' as const, path: '/spec/replicas', value: 9 },
    ];
    await expect(api.jsonPatch(`${deployments}/guarded`, patch, { signal })).rejects.toMatchObject({ status: 422 });
    expect(await api.get(`${deployments}/guarded`, { signal })).toMatchObject({ spec: { replicas: 0 } });
  });

  it('quotes no value that the server refused', async () => {
    const secret = deployment('secretive', { image: 'secretive:v1', env: { 'bad=name': 'hunter2' } });
    const failure = (await api.create(deployments, secret, { signal }).catch((error: unknown) => error)) as ApiError;
    expect(failure).toMatchObject({ status: 422, reason: 'Invalid' });
    expect(failure.message).toContain('env[0].name');
    expect(JSON.stringify(failure) + failure.message).not.toMatch(/hunter2|bad=name/);
  });

  it('tells an outage from a refusal', async () => {
    const closed = connect({ kubeconfigPath: kubeconfigPath(), clock });
    await closed.get('/version', { signal });
    await closed.close();
    await expect(closed.get('/version', { signal })).rejects.toBeInstanceOf(ApiUnreachable);
  });

  it('throws the reason of a caller who gave up', async () => {
    const gaveUp = new Error('gave up');
    await expect(api.get('/version', { signal: AbortSignal.abort(gaveUp) })).rejects.toBe(gaveUp);
  });

  it('knows what its account may do', async () => {
    const ask = mayI(api, clock);
    const question = { verb: 'patch', group: 'apps', resource: 'deployments', namespace: plane.namespace };
    expect(await ask(question, signal)).toBe(true);
  });
});

describe('the live view of a namespace', () => {
  it('follows a Deployment from its creation through a new version to its deletion', async () => {
    const view = workloads({ api, namespace: plane.namespace, clock });
    await view.start(signal);
    expect([view.deployments, view.replicaSets, view.pods].map((w) => w.isSynced())).toEqual([true, true, true]);
    await api.create(deployments, deployment('followed', { image: 'followed:v1', replicas: 2 }), { signal });
    const first = await eventually('two ready pods', () => {
      const row = view.deployments.get('followed');
      return row?.status.readyReplicas === 2 ? row : undefined;
    });
    expect(first).toMatchObject({ images: { main: 'followed:v1' }, revision: 1, replicas: 2, paused: false });

    const image = [{ op: 'replace' as const, path: '/spec/template/spec/containers/0/image', value: 'followed:v2' }];
    await api.jsonPatch(`${deployments}/followed`, image, { signal });
    const sets = await eventually('a second ReplicaSet that runs', () => {
      const rows = view.replicaSets.all().filter((row) => row.ownerUid === first.uid);
      return rows.some((row) => row.revision === 2 && row.readyReplicas === 2) ? rows : undefined;
    });
    const current = await eventually('the new template', () => {
      const row = view.deployments.get('followed');
      return row?.images['main'] === 'followed:v2' && row;
    });
    expect(sets.find((row) => row.revision === 2)?.templateHash).toBe(current.templateHash);
    const old = sets.find((row) => row.revision === 1)!;
    expect(old.templateHash).toBe(first.templateHash);
    expect(await view.template(old, signal)).toMatchObject({ spec: { containers: [{ image: 'followed:v1' }] } });
    expect((await view.template(old, signal))?.metadata?.labels).not.toHaveProperty('pod-template-hash');

    await api.delete(`${deployments}/followed`, { signal, uid: first.uid });
    await eventually('nothing of it is left', () =>
      view.deployments.get('followed') === undefined && view.pods.all().every((pod) => pod.labels['app'] !== 'followed')
        ? true
        : undefined,
    );
  });

  it('brings nothing after its signal was aborted', async () => {
    const stop = new AbortController();
    const options = { api, path: deployments, toRow: (raw: KubernetesObject) => raw.metadata, clock };
    const stopped = watchCollection({ ...options, signal: stop.signal });
    const witness = watchCollection({ ...options, signal });
    await Promise.all([stopped.synced, witness.synced]);
    stop.abort(new Error('stopped'));
    await api.create(deployments, deployment('late', { image: 'late:v1', replicas: 0 }), { signal });
    await eventually('another view sees it', () => witness.get('late'));
    expect(stopped.get('late')).toBeUndefined();
  });
});
