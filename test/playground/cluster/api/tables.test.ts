import { describe, expect, it } from '@jest/globals';
import { podCells } from '#playground/cluster/api/tables/pod-cells.ts';
import { jsonPath } from '#playground/cluster/api/tables/printer-columns.ts';
import { humanDuration } from '#playground/cluster/api/tables/duration.ts';
import { CONFIG_MAPS, configMap, deployment, DEPLOYMENTS, startApi, TABLE } from './api-client.ts';

const now = Date.parse('2026-01-01T01:00:00Z');

function pod(status: object, metadata: object = {}): any {
  return {
    kind: 'Pod',
    metadata: { name: 'p', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
    spec: { containers: [{}], nodeName: 'node-a' },
    status: { phase: 'Running', ...status },
  };
}

const running = { ready: true, restartCount: 0, state: { running: {} } };

describe('a pod row', () => {
  it.each([
    ['Running', pod({ containerStatuses: [running] })],
    ['Pending', pod({ phase: 'Pending' })],
    [
      'ImagePullBackOff',
      pod({ phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }] }),
    ],
    [
      'CrashLoopBackOff',
      pod({ containerStatuses: [{ restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } }] }),
    ],
    ['Error', pod({ containerStatuses: [{ state: { terminated: { reason: 'Error', exitCode: 1 } } }] })],
    ['ExitCode:3', pod({ containerStatuses: [{ state: { terminated: { exitCode: 3 } } }] })],
    ['Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
    ['Terminating', pod({ containerStatuses: [running] }, { deletionTimestamp: '2026-01-01T00:59:00Z' })],
    [
      'Init:0/1',
      {
        ...pod({ phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] }),
        spec: { containers: [{}], initContainers: [{}] },
      },
    ],
  ])('says %s', (reason, object) => {
    expect(podCells(object, now)[2]).toBe(reason);
  });

  it('counts ready containers and restarts, and says when the last one was', () => {
    const lastState = { terminated: { finishedAt: '2026-01-01T00:58:00Z' } };
    const cells = podCells(
      pod({ podIP: '10.0.0.1', containerStatuses: [{ ...running, restartCount: 3, lastState }] }),
      now,
    );
    expect(cells).toEqual(['p', '1/1', 'Running', '3 (2m ago)', '60m', '10.0.0.1', 'node-a', '<none>', '<none>']);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0s'],
    [119_000, '119s'],
    [120_000, '2m'],
    [192_000, '3m12s'],
    [3_600_000, '60m'],
    [4 * 3_600_000 + 300_000, '4h5m'],
    [30 * 3_600_000, '30h'],
    [51 * 3_600_000, '2d3h'],
    [45 * 86_400_000, '45d'],
    [1115 * 86_400_000, '3y20d'],
  ])('of %d ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});

describe('a JSON path', () => {
  it.each([
    ['.a.b', 1],
    ["['x.y']", 2],
    ['.list[1].k', 'two'],
    ['.list[*].k', 'one'],
    ['.list[?(@.k=="two")].v', 22],
    ['.nope.b', undefined],
  ])('%s finds %s', (path, found) => {
    const object = { a: { b: 1 }, 'x.y': 2, list: [{ k: 'one' }, { k: 'two', v: 22 }] };
    expect(jsonPath(object, path)).toBe(found);
  });
});

describe('a table', () => {
  it('has the real columns and a row per object', () => {
    const { post, get } = startApi();
    post(DEPLOYMENTS, deployment());
    const { body } = get(DEPLOYMENTS, { accept: TABLE });
    expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(body.columnDefinitions.map((c: any) => c.name)).toEqual([
      'Name',
      'Ready',
      'Up-to-date',
      'Available',
      'Age',
      'Containers',
      'Images',
      'Selector',
    ]);
    expect(body.rows[0].cells).toEqual([
      'web',
      '0/2',
      '0',
      '0',
      '0s',
      'web,side',
      'example/web:v1,example/side',
      'app=web',
    ]);
    expect(body.rows[0].object.kind).toBe('PartialObjectMetadata');
  });

  it('carries whole objects or none when asked', () => {
    const { post, get } = startApi();
    post(CONFIG_MAPS, configMap('a'));
    const object = (query: string): any =>
      get(`${CONFIG_MAPS}?includeObject=${query}`, { accept: TABLE }).body.rows[0].object;
    expect(object('Object').kind).toBe('ConfigMap');
    expect(object('None')).toBeNull();
  });
});
