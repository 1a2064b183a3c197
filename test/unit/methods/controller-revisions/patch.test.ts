import { describe, expect, it } from '@jest/globals';
import { revisionPatch } from '#methods/controller-revisions/patch.ts';

const from = { spec: { containers: [{ name: 'main', image: 'db:v2' }] } };
const to = { spec: { containers: [{ name: 'main', image: 'db:v1' }] } };
const mark = '/metadata/annotations/ops.lomashwood.com~1operation';
const patch = (hasNoAnnotations = false) => revisionPatch({ uid: 'u', from, to, hasNoAnnotations, operation: 'op' });

describe('the patch of a StatefulSet or DaemonSet', () => {
  it('tests object, version and strategy before it replaces the template, and leaves its mark', () => {
    expect(patch()).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'u' },
      { op: 'test', path: '/spec/template', value: from },
      { op: 'test', path: '/spec/updateStrategy/type', value: 'RollingUpdate' },
      { op: 'replace', path: '/spec/template', value: to },
      { op: 'add', path: mark, value: 'op' },
    ]);
  });

  it('makes room for its mark where there are no annotations, unless somebody else just did', () => {
    expect(patch(true).slice(4, 6)).toEqual([
      { op: 'test', path: '/metadata/annotations', value: null },
      { op: 'add', path: '/metadata/annotations', value: {} },
    ]);
  });
});
