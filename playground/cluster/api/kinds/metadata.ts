/** Validation that every object's metadata goes through, in the real server's words. */
import { fieldInvalid, fieldRequired, fieldForbidden, shown, type FieldError } from '../status.ts';
import type { StoredObject } from '../../storage-contract.ts';
import type { Draft } from './strategy.ts';

const LABEL =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const NAME_PART = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const used = (pattern: string): string => `regex used for validation is '${pattern}'`;

const SUBDOMAIN_TEXT = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', ${used(SUBDOMAIN)})`;
const DNS_LABEL_TEXT = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', ${used(DNS_LABEL)})`;
const DNS_1035_TEXT = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', ${used(DNS_1035)})`;

export function subdomainProblem(name: string): string | undefined {
  if (name.length > 253) return 'must be no more than 253 characters';
  return whole(SUBDOMAIN).test(name) ? undefined : SUBDOMAIN_TEXT;
}

export function dnsLabelProblem(name: string): string | undefined {
  if (name.length > 63) return 'must be no more than 63 characters';
  return whole(DNS_LABEL).test(name) ? undefined : DNS_LABEL_TEXT;
}

function dns1035Problem(name: string): string | undefined {
  if (name.length > 63) return 'must be no more than 63 characters';
  return whole(DNS_1035).test(name) ? undefined : DNS_1035_TEXT;
}

/** RBAC names are path segments and may contain colons. */
function pathSegmentProblem(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`;
  const bad = ['/', '%'].find((c) => name.includes(c));
  return bad && `may not contain '${bad}'`;
}

function nameProblem(kind: string, group: string, name: string): string | undefined {
  if (group === 'rbac.authorization.k8s.io') return pathSegmentProblem(name);
  if (kind === 'Namespace') return dnsLabelProblem(name);
  if (kind === 'Service') return dns1035Problem(name);
  return subdomainProblem(name);
}

/** `prefix/name`, as labels and annotations are keyed. */
function qualifiedNameProblems(key: string): string[] {
  const parts = key.split('/');
  const [prefix, name] = parts.length > 1 ? [parts[0], parts.slice(1).join('/')] : [undefined, key];
  const problems: string[] = [];
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined) {
    const problem = subdomainProblem(prefix);
    if (problem) problems.push(`prefix part ${problem}`);
  }
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push('name part must be no more than 63 characters');
  if (name !== '' && !whole(NAME_PART).test(name)) {
    problems.push(`name part ${LABEL} (e.g. 'MyName',  or 'my.name',  or '123-abc', ${used(NAME_PART)})`);
  }
  return problems;
}

function labelValueProblems(value: string): string[] {
  const problems: string[] = [];
  if (value.length > 63) problems.push('must be no more than 63 characters');
  if (value !== '' && !whole(NAME_PART).test(value)) {
    problems.push(
      `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', ${used(`(${NAME_PART})?`)})`,
    );
  }
  return problems;
}

export function labelErrors(labels: Record<string, string> | undefined, field: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((p) => fieldInvalid(field, key, p)),
    ...labelValueProblems(value).map((p) => fieldInvalid(field, value, p)),
  ]);
}

const MAX_ANNOTATION_BYTES = 256 * 1024;

function annotationErrors(annotations: Record<string, string> | undefined): FieldError[] {
  const errors = Object.keys(annotations ?? {}).flatMap((key) =>
    qualifiedNameProblems(key.toLowerCase()).map((p) => fieldInvalid('metadata.annotations', key, p)),
  );
  const bytes = Object.entries(annotations ?? {}).reduce((sum, [k, v]) => sum + Buffer.byteLength(k + v), 0);
  if (bytes > MAX_ANNOTATION_BYTES) {
    errors.push({
      field: 'metadata.annotations',
      reason: 'FieldValueTooLong',
      text: `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`,
    });
  }
  return errors;
}

const STANDARD_FINALIZERS = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

function finalizerErrors(finalizers: string[] | undefined): FieldError[] {
  return (finalizers ?? []).flatMap((name, i) => {
    if (name.includes('/') || STANDARD_FINALIZERS.has(name)) return [];
    const why = 'name is neither a standard finalizer name nor is it fully qualified';
    return [fieldInvalid(`metadata.finalizers[${i}]`, name, why)];
  });
}

/** Errors of a new object's metadata. */
export function metadataErrors(draft: Draft, group: string): FieldError[] {
  const { name, labels, annotations } = draft.metadata;
  if (!name) return [fieldRequired('metadata.name', 'name or generateName is required')];
  const problem = nameProblem(draft.kind, group, name);
  return [
    ...(problem ? [fieldInvalid('metadata.name', name, problem)] : []),
    ...labelErrors(labels, 'metadata.labels'),
    ...annotationErrors(annotations),
    ...finalizerErrors(draft.metadata.finalizers),
  ];
}

/** Errors of changed metadata: what is immutable, and what a deleted object may no longer get. */
export function metadataUpdateErrors(draft: Draft, previous: StoredObject): FieldError[] {
  const errors = [
    ...labelErrors(draft.metadata.labels, 'metadata.labels'),
    ...annotationErrors(draft.metadata.annotations),
    ...finalizerErrors(draft.metadata.finalizers),
  ];
  for (const field of ['uid', 'creationTimestamp'] as const) {
    const value = draft.metadata[field];
    if (value !== undefined && value !== previous.metadata[field]) {
      errors.push(fieldInvalid(`metadata.${field}`, value, 'field is immutable'));
    }
  }
  const added = (draft.metadata.finalizers ?? []).filter((f) => !previous.metadata.finalizers?.includes(f));
  if (previous.metadata.deletionTimestamp !== undefined && added.length > 0) {
    errors.push(
      fieldForbidden(
        'metadata.finalizers',
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map(shown).join(', ')}}`,
      ),
    );
  }
  return errors;
}
