/** create, update, patch and delete of objects and of their status. With `dryRun=All` everything happens but the write. */
import type { StoredObject } from '../../storage-contract.ts';
import { admitCreate, admitUpdate, decodeDraft, isDryRun, setNamespace, uidMismatch } from './admission.ts';
import { objectBody, patchBody, patchType } from '../body.ts';
import { namedResource, type Call } from '../call.ts';
import { storedView, viewOf } from '../event-views.ts';
import { managerOf, trackManager } from '../managed-fields.ts';
import { jsonAnswer, type ApiAnswer } from '../message.ts';
import { applyPatch } from '../patches/patch.ts';
import { rendering } from './read.ts';
import { renderObject } from '../representation.ts';
import { schemaOf } from '../kinds/custom-resource.ts';
import { kindSchema } from '../schemas/open-api.ts';
import { markShaped } from '../schemas/structural.ts';
import { alreadyExists, badRequest, conflict, notFound, StatusError } from '../status.ts';
import type { Draft, Strategy } from '../kinds/strategy.ts';
import { isSameJson } from '../../json.ts';

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
const SAFE_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function generatedName(prefix: string, random: () => number): string {
  const end = Array.from({ length: 5 }, () => SAFE_LETTERS[Math.floor(random() * SAFE_LETTERS.length)]);
  return prefix.slice(0, 58) + end.join('');
}

const timestamp = (now: number): string => new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');

function track(call: Call, draft: Draft, previous: StoredObject | undefined): void {
  const { definition, request, target, world } = call;
  const schema = definition.custom ? undefined : kindSchema(definition.group, definition.version, definition.kind);
  trackManager(draft, previous, schema, {
    manager: managerOf(request.query, request.headers['user-agent']),
    subresource: target.subresource,
    time: timestamp(world.clock.now()),
  });
}

function answer(call: Call, status: number, object: StoredObject): ApiAnswer {
  return jsonAnswer(status, renderObject(viewOf(object, call.definition), rendering(call)));
}

/** What was admitted and is stored from now on. */
function written({ definition: { custom } }: Call, object: StoredObject): StoredObject {
  const schema = custom && schemaOf(custom.version);
  if (schema) markShaped(object, schema);
  return object;
}

/** Nothing is created where the namespace is missing or on its way out. */
function checkNamespace(call: Call): void {
  const { world, namespace } = call;
  if (namespace === undefined) return;
  const found = world.storage.peekOne(NAMESPACES, undefined, namespace);
  if (!found) throw notFound({ group: '', kind: 'namespaces', name: namespace });
  if (found.metadata.deletionTimestamp === undefined) return;
  const named = namedResource(call);
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const what = named.group === '' ? named.kind : `${named.kind}.${named.group}`;
  throw new StatusError(403, 'Forbidden', `${what} "${named.name}" is forbidden: ${why}`, {
    ...named,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  });
}

export function create(call: Call): ApiAnswer {
  const { definition, request } = call;
  return createDraft(call, decodeDraft(call, objectBody(request, definition.kind)));
}

function createDraft(call: Call, draft: Draft): ApiAnswer {
  const { definition, world } = call;
  const { storage, random, clock } = world;
  const dry = isDryRun(call, 'CreateOptions');
  setNamespace(call, draft);
  checkNamespace(call);
  const { metadata } = draft;
  if (!metadata.name && typeof metadata['generateName'] === 'string' && metadata['generateName'] !== '') {
    metadata.name = generatedName(metadata['generateName'], random);
  }
  if (metadata['resourceVersion']) {
    throw new StatusError(500, undefined, 'resourceVersion should not be set on objects to be created');
  }
  admitCreate(call, draft);
  track(call, draft, undefined);
  const resource = storedView(definition);
  if (storage.peekOne(resource, metadata.namespace, metadata.name!))
    throw alreadyExists(namedResource(call, metadata.name));
  if (dry) {
    const server = { uid: globalThis.crypto.randomUUID(), creationTimestamp: timestamp(clock.now()) };
    return answer(call, 201, { ...draft, metadata: { ...metadata, ...server } } as StoredObject);
  }
  return answer(call, 201, written(call, storage.create(resource, { ...draft, metadata })));
}

function checkName(call: Call, draft: Draft): void {
  const { target } = call;
  const { name } = draft.metadata;
  if (!name) {
    throw badRequest(`the name of the object (${target.name} based on URL) was undeterminable: name must be provided`);
  }
  if (name !== target.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  }
  setNamespace(call, draft);
}

/** Writes an admitted draft, or only shows it. */
function commit(call: Call, draft: Draft, previous: StoredObject, strategy: Strategy): StoredObject {
  const { uid, creationTimestamp, resourceVersion } = previous.metadata;
  Object.assign(draft.metadata, { uid, creationTimestamp, resourceVersion });
  if (isSameJson(draft, previous)) return previous;
  track(call, draft, previous);
  const { metadata } = draft;
  if (isDryRun(call, 'UpdateOptions')) return draft as StoredObject;
  const raiseGeneration =
    strategy.annotationsRaiseGeneration &&
    call.target.subresource === undefined &&
    !isSameJson(metadata.annotations ?? {}, previous.metadata.annotations ?? {});
  const { storage } = call.world;
  const { namespace, name } = previous.metadata;
  const change = (): StoredObject => draft as StoredObject;
  return written(call, storage.revise(storedView(call.definition), namespace, name, change, { raiseGeneration }));
}

function storedObject(call: Call): StoredObject | undefined {
  const { world, definition, namespace, target } = call;
  return world.storage.peekOne(storedView(definition), namespace, target.name ?? '');
}

export function update(call: Call): ApiAnswer {
  const draft = decodeDraft(call, objectBody(call.request, call.definition.kind));
  checkName(call, draft);
  const previous = storedObject(call);
  if (!previous) return createByUpdate(call, draft);
  const strategy = admitUpdate(call, draft, previous);
  return answer(call, 200, commit(call, draft, previous, strategy));
}

/** Leases and Events are made by PUT as well. */
function createByUpdate(call: Call, draft: Draft): ApiAnswer {
  const creates = call.definition.kind === 'Lease' || call.definition.kind === 'Event';
  if (!creates || call.target.subresource !== undefined) throw notFound(namedResource(call));
  if (draft.metadata.uid) {
    throw conflict(namedResource(call), uidMismatch(call, draft.metadata.uid, ''));
  }
  delete draft.metadata.resourceVersion;
  return createDraft(call, draft);
}

export function patch(call: Call): ApiAnswer {
  const { definition, request } = call;
  const type = patchType(request, definition.custom !== undefined);
  const body = patchBody(request, type);
  const previous = storedObject(call);
  if (!previous) throw notFound(namedResource(call));
  const patched = applyPatch(call, viewOf(previous, definition), type, body);
  const draft = decodePatched(call, patched);
  checkName(call, draft);
  const strategy = admitUpdate(call, draft, previous);
  return answer(call, 200, commit(call, draft, previous, strategy));
}

/** A patched object that does not decode is the patch's fault: 422 instead of 400. */
function decodePatched(call: Call, patched: Record<string, unknown>): Draft {
  try {
    return decodeDraft(call, patched);
  } catch (error) {
    if (!(error instanceof StatusError) || error.status.code !== 400) throw error;
    const why = error.message.replace(/^.*cannot be handled as a \w+: /, '');
    const message = ` "" is invalid: patch: Invalid value: ${JSON.stringify(JSON.stringify(patched))}: ${why}`;
    throw new StatusError(422, 'Invalid', message, {
      causes: [
        { reason: 'FieldValueInvalid', message: message.slice(' "" is invalid: patch: '.length), field: 'patch' },
      ],
    });
  }
}
