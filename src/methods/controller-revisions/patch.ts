/**
 * The one write that goes back to a ControllerRevision, as a guarded JSON patch. kubectl sends the revision as a strategic merge patch whose
 * template says `$patch: replace`: the template is replaced whole, annotations stay (kubernetes.md §3). Pure.
 */
import type { JsonPatch } from '#clients/kubernetes/api.ts';
import type { RawTemplate } from '#clients/kubernetes/rows/template-parts.ts';
import { OPERATION_ANNOTATION } from '#rollback/rollback.ts';

export interface RevisionPatch {
  uid: string;
  /** As the object has it, to the letter. */
  from: RawTemplate;
  to: RawTemplate;
  hasNoAnnotations: boolean;
  operation: string;
}

export function revisionPatch({ uid, from, to, hasNoAnnotations, operation }: RevisionPatch): JsonPatch {
  const pointer = `/metadata/annotations/${OPERATION_ANNOTATION.replaceAll('/', '~1')}`;
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/spec/template', value: from },
    { op: 'test', path: '/spec/updateStrategy/type', value: 'RollingUpdate' },
    { op: 'replace', path: '/spec/template', value: to },
    ...(hasNoAnnotations
      ? [
          { op: 'test' as const, path: '/metadata/annotations', value: null },
          { op: 'add' as const, path: '/metadata/annotations', value: {} },
        ]
      : []),
    { op: 'add', path: pointer, value: operation },
  ];
}
