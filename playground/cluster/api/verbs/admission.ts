/** From a body to an object that may be stored: decoded, pruned, defaulted, validated. Shared by create, update and patch. */
import type { StoredObject } from '../../storage-contract.ts';
import { namedKind, namedResource, type Call } from '../call.ts';
import { fromView } from '../event-views.ts';
import { schemaOf } from '../kinds/custom-resource.ts';
import { metadataErrors, metadataUpdateErrors } from '../kinds/metadata.ts';
import type { Draft, Strategy } from '../kinds/strategy.ts';
import { strategyOf } from '../kinds/strategies.ts';
import { groupVersionOf } from '../registry.ts';
import { decodeBody, DecodingError } from '../schemas/decoding.ts';
import { kindSchema } from '../schemas/open-api.ts';
import { prune, thaw } from '../schemas/structural.ts';
import { badRequest, conflict, fieldInvalid, fieldUnsupported, invalid, MODIFIED, type FieldError } from '../status.ts';

export function isDryRun(call: Call, kind: string): boolean {
  const asked = call.request.query.getAll('dryRun');
  if (asked.length === 0) return false;
  if (asked.every((value) => value === 'All')) return true;
  throw invalid({ group: 'meta.k8s.io', kind, name: '' }, [fieldUnsupported('dryRun', asked, ['All'])]);
}

function checkKind({ definition }: Call, body: Record<string, unknown>): void {
  const { apiVersion, kind } = body as { apiVersion?: string; kind?: string };
  const expected = groupVersionOf(definition);
  if (definition.custom) {
    const missing = kind ? (apiVersion ? undefined : 'apiVersion') : 'Kind';
    if (missing !== undefined) {
      const text = JSON.stringify(body);
      const start = text.length > 30 ? `${text.slice(0, 30)} ...` : text;
      throw badRequest(
        `the object provided is unrecognized (must be of type ${definition.kind}): Object '${missing}' is missing in '${text}' (${start})`,
      );
    }
    if (apiVersion !== expected) {
      throw badRequest(
        `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
      );
    }
    return;
  }
  const isOther = (kind ?? definition.kind) !== definition.kind || (apiVersion ?? expected) !== expected;
  if (!isOther) return;
  throw badRequest(
    `${kind} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${definition.kind}: converting (${(apiVersion ?? '').split('/').at(-1)}.${kind}) to (${definition.group.split('.')[0] || 'core'}.${definition.kind}): unknown conversion`,
  );
}

/** Unknown fields: refused, warned of or dropped silently, as `fieldValidation` says. */
function reportUnknown(call: Call, unknownFields: string[]): void {
  if (unknownFields.length === 0) return;
  const texts = unknownFields.map((field) => `unknown field ${JSON.stringify(field)}`);
  const mode = call.request.query.get('fieldValidation') || 'Warn';
  if (mode === 'Strict') {
    const { kind, version } = call.definition;
    throw badRequest(
      `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: strict decoding error: ${texts.join(', ')}`,
    );
  }
  if (mode === 'Warn') call.warnings.push(...texts);
}

/** A body as a draft of the kind: types checked, unknown fields handled. Throws 400. */
export function decodeDraft(call: Call, body: Record<string, unknown>): Draft {
  checkKind(call, body);
  const { definition } = call;
  const { custom, kind, group, version } = definition;
  const draft = {
    ...body,
    apiVersion: groupVersionOf(definition),
    kind: custom ? String(body['kind']) : kind,
  } as Draft;
  draft.metadata = { ...(draft.metadata as object | undefined) };
  if (custom) {
    const schema = schemaOf(custom.version);
    if (!schema) return draft;
    thaw(draft, schema);
    reportUnknown(call, prune(draft, schema));
    return draft;
  }
  const schema = kindSchema(group, version, kind);
  if (!schema) return draft;
  try {
    const { value, unknownFields } = decodeBody(draft, kind, schema);
    reportUnknown(call, unknownFields);
    return fromView(value as Draft, definition);
  } catch (error) {
    if (!(error instanceof DecodingError)) throw error;
    throw badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${error.message}`);
  }
}

/** Removes what the server alone sets, so that a client may send back what it read. */
function withoutServerFields(draft: Draft): void {
  for (const field of ['selfLink', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation'] as const) {
    delete draft.metadata[field];
  }
}

export function setNamespace(call: Call, draft: Draft): void {
  const { namespace } = call;
  if (draft.metadata.namespace && draft.metadata.namespace !== (namespace ?? '')) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (namespace === undefined) delete draft.metadata.namespace;
  else draft.metadata.namespace = namespace;
}

function kindErrors({ definition }: Call, draft: Draft): FieldError[] {
  if (!definition.custom || draft.kind === definition.kind) return [];
  return [fieldInvalid('kind', draft.kind, `must be ${definition.kind}`)];
}

function refuse(call: Call, draft: Draft, errors: FieldError[]): void {
  if (errors.length === 0) return;
  const named = namedKind(call, draft.metadata.name ?? '');
  throw invalid({ ...named, kind: draft.kind }, errors);
}

export function admitCreate(call: Call, draft: Draft): Strategy {
  const strategy = strategyOf(call.definition);
  withoutServerFields(draft);
  for (const field of ['uid', 'resourceVersion', 'creationTimestamp'] as const) delete draft.metadata[field];
  strategy.prepareCreate(draft);
  strategy.setDefaults(draft);
  const errors = [
    ...kindErrors(call, draft),
    ...metadataErrors(draft, call.definition.group),
    ...strategy.validate(draft, undefined, undefined),
  ];
  refuse(call, draft, errors);
  call.world.policies(call, draft);
  return strategy;
}

/** In the words of the real server's storage, key included. */
export function uidMismatch({ definition, namespace, target }: Call, asked: string, actual: string): string {
  const where = definition.custom ? `${definition.group}/${definition.plural}` : definition.plural;
  const key = ['/registry', where, ...(namespace === undefined ? [] : [namespace]), target.name].join('/');
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${actual}`;
}

/** Checks a changed object against what is stored, and carries over what this request may not change. */
export function admitUpdate(call: Call, draft: Draft, previous: StoredObject): Strategy {
  const { subresource } = call.target;
  const strategy = strategyOf(call.definition);
  const { resourceVersion, uid } = draft.metadata;
  if (strategy.requiresResourceVersion && !resourceVersion) {
    throw invalid(namedResource(call), [
      fieldInvalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  if (call.target.verb === 'update' && uid && uid !== previous.metadata.uid) {
    throw conflict(namedResource(call), uidMismatch(call, uid, previous.metadata.uid));
  }
  if (resourceVersion && resourceVersion !== previous.metadata.resourceVersion) {
    throw conflict(namedResource(call), MODIFIED);
  }
  withoutServerFields(draft);
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = previous.metadata;
  const carried = { deletionTimestamp, deletionGracePeriodSeconds, generation };
  for (const [field, value] of Object.entries(carried)) if (value !== undefined) draft.metadata[field] = value;
  strategy.prepareUpdate(draft, previous, subresource);
  strategy.setDefaults(draft);
  const errors = [
    ...kindErrors(call, draft),
    ...metadataUpdateErrors(draft, previous),
    ...strategy.validate(draft, previous, subresource),
  ];
  refuse(call, draft, errors);
  call.world.policies(call, draft, previous);
  return strategy;
}
