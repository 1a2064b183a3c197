/**
 * The one write of an undo, as a guarded JSON patch (kubernetes.md §1 and §7): it tests that the Deployment is the one and runs the version
 * that was planned from, then changes the template, single annotations, and leaves our mark in the same write. Pure.
 */
import type { JsonPatch } from '#clients/kubernetes/api.ts';
import type { RawTemplate } from '#clients/kubernetes/rows/template-parts.ts';
import { GROUP, OPERATION_ANNOTATION } from '#rollback/rollback.ts';
import { DEPLOYED_BY_ANNOTATION } from './versions.ts';

/** kubectl's six: they keep the Deployment's own value. */
const KEPT: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);
/** Marks of whoever owns the object: an old version's ReplicaSet may lack them, and losing them orphans the Deployment. */
const OWNERSHIP = [
  'argocd.argoproj.io/',
  'meta.helm.sh/',
  'helm.sh/',
  'kustomize.toolkit.fluxcd.io/',
  'helm.toolkit.fluxcd.io/',
  'fluxcd.io/',
  'config.kubernetes.io/',
  'config.k8s.io/',
  'kapp.k14s.io/',
  'objectset.rio.cattle.io/',
  'pulumi.com/',
  `${GROUP}/`,
];

/** Stays as the Deployment has it. Who deployed a version belongs to the version. */
export function isKept(annotation: string): boolean {
  if (annotation === DEPLOYED_BY_ANNOTATION) return false;
  return KEPT.has(annotation) || OWNERSHIP.some((prefix) => annotation.startsWith(prefix));
}

function pointer(annotation: string): string {
  return `/metadata/annotations/${annotation.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** From the Deployment's annotations to those that the old version's ReplicaSet recorded, one by one. */
function annotationChanges(current: Record<string, string>, recorded: Record<string, string>): JsonPatch {
  const removed = Object.keys(current).filter((key) => !isKept(key) && !(key in recorded));
  const set = Object.entries(recorded).filter(([key, value]) => !isKept(key) && current[key] !== value);
  return [
    ...removed.map((key) => ({ op: 'remove' as const, path: pointer(key) })),
    ...set.map(([key, value]) => ({ op: 'add' as const, path: pointer(key), value })),
  ];
}

export interface UndoPatch {
  uid: string;
  /** Both without `pod-template-hash`. */
  from: RawTemplate;
  to: RawTemplate;
  annotations: { current: Record<string, string>; recorded: Record<string, string> };
  /** The Deployment has no annotations at all. */
  hasNoAnnotations: boolean;
  /** How "not paused" is stored: the field is missing, or false. */
  paused: null | false;
  operation: string;
}

export function undoPatch({ uid, from, to, annotations, hasNoAnnotations, paused, operation }: UndoPatch): JsonPatch {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/spec/template', value: from },
    // A missing member equals null (tried): paused after planning is refused by the server itself.
    { op: 'test', path: '/spec/paused', value: paused },
    { op: 'replace', path: '/spec/template', value: to },
    ...(hasNoAnnotations
      ? [
          { op: 'test' as const, path: '/metadata/annotations', value: null },
          { op: 'add' as const, path: '/metadata/annotations', value: {} },
        ]
      : []),
    ...annotationChanges(annotations.current, annotations.recorded),
    { op: 'add', path: pointer(OPERATION_ANNOTATION), value: operation },
  ];
}
