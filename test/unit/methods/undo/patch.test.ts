import { describe, expect, it } from '@jest/globals';
import { isKept, undoPatch, type UndoPatch } from '#methods/undo/patch.ts';

const mark = { op: 'add', path: '/metadata/annotations/ops.lomashwood.com~1operation', value: 'uid/auth/1' };
const parts = (more: Partial<UndoPatch> = {}): UndoPatch => ({
  uid: 'u1',
  from: { spec: { containers: [{ name: 'auth', image: 'auth:v2' }] } },
  to: { spec: { containers: [{ name: 'auth', image: 'auth:v1' }] } },
  annotations: { current: { kept: 'same' }, recorded: { kept: 'same' } },
  hasNoAnnotations: false,
  paused: null,
  operation: 'uid/auth/1',
  ...more,
});
const annotationOps = (current: Record<string, string>, recorded: Record<string, string>): unknown[] =>
  undoPatch(parts({ annotations: { current, recorded } })).slice(4);

describe('the guarded patch', () => {
  it('tests identity, version and pause before it changes anything, and leaves its mark last', () => {
    const { from, to } = parts();
    expect(undoPatch(parts())).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'u1' },
      { op: 'test', path: '/spec/template', value: from },
      { op: 'test', path: '/spec/paused', value: null },
      { op: 'replace', path: '/spec/template', value: to },
      mark,
    ]);
  });

  it('makes the map of annotations only where there is none', () => {
    const bare = undoPatch(parts({ hasNoAnnotations: true, annotations: { current: {}, recorded: {} } }));
    expect(bare.slice(4)).toEqual([
      { op: 'test', path: '/metadata/annotations', value: null },
      { op: 'add', path: '/metadata/annotations', value: {} },
      mark,
    ]);
  });

  it('changes annotations one by one: what the version recorded comes back, what it lacked goes', () => {
    expect(annotationOps({ a: '1', 'team/b~c': '2', same: '3' }, { a: '9', same: '3', new: '4' })).toEqual([
      { op: 'remove', path: '/metadata/annotations/team~1b~0c' },
      { op: 'add', path: '/metadata/annotations/a', value: '9' },
      { op: 'add', path: '/metadata/annotations/new', value: '4' },
      mark,
    ]);
  });

  it.each([
    'kubectl.kubernetes.io/last-applied-configuration',
    'deployment.kubernetes.io/revision',
    'deployment.kubernetes.io/revision-history',
    'deployment.kubernetes.io/desired-replicas',
    'deployment.kubernetes.io/max-replicas',
    'deprecated.deployment.rollback.to',
    'argocd.argoproj.io/tracking-id',
    'meta.helm.sh/release-name',
    'kustomize.toolkit.fluxcd.io/reconcile',
    'ops.lomashwood.com/anything',
  ])('neither removes nor restores %s', (key) => {
    expect(isKept(key)).toBe(true);
    expect(annotationOps({ [key]: 'now' }, {})).toEqual([mark]);
    expect(annotationOps({}, { [key]: 'then' })).toEqual([mark]);
  });

  it('never brings back the mark of an earlier rollback', () => {
    const key = 'ops.lomashwood.com/operation';
    expect(annotationOps({ [key]: 'b' }, { [key]: 'a' })).toEqual([mark]);
  });

  it('restores who deployed the version', () => {
    const key = 'ops.lomashwood.com/deployed-by';
    expect(annotationOps({ [key]: 'Tom' }, { [key]: 'Maya' })).toContainEqual({
      op: 'add',
      path: '/metadata/annotations/ops.lomashwood.com~1deployed-by',
      value: 'Maya',
    });
  });
});
