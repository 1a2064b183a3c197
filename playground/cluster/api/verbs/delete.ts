/** delete and deletecollection: preconditions, grace, finalizers, and how dependents are to be treated. */
import type { StoredObject } from '../../storage-contract.ts';
import { deleteOptions } from '../body.ts';
import { namedResource, type Call } from '../call.ts';
import { storedView, viewOf } from '../event-views.ts';
import { strategyOf } from '../kinds/strategies.ts';
import { jsonAnswer, type ApiAnswer } from '../message.ts';
import { existing, rendering } from './read.ts';
import { renderList, renderObject } from '../representation.ts';
import { matcher } from '../selectors.ts';
import { conflict, fieldUnsupported, invalid } from '../status.ts';

type Options = ReturnType<typeof deleteOptions>;

const FINALIZERS: Record<string, string> = { Orphan: 'orphan', Foreground: 'foregroundDeletion' };

function checkOptions({ propagationPolicy }: Options): void {
  if (propagationPolicy === undefined || ['Orphan', 'Foreground', 'Background'].includes(propagationPolicy)) return;
  throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions', name: '' }, [
    fieldUnsupported('propagationPolicy', propagationPolicy, ['Foreground', 'Background', 'Orphan', 'nil']),
  ]);
}

function checkPreconditions(call: Call, object: StoredObject, { preconditions }: Options): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const named = { group: call.definition.group, kind: call.definition.kind, name: object.metadata.name };
  if (uid !== undefined && uid !== object.metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${object.metadata.uid}). The object might have been deleted and then recreated`;
    throw conflict(named, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${object.metadata.resourceVersion}). The object might have been modified`;
    throw conflict(named, why);
  }
}

/** Marks or removes one object; undefined when it is gone. */
function remove(call: Call, object: StoredObject, options: Options): StoredObject | undefined {
  const { storage } = call.world;
  const resource = storedView(call.definition);
  const { name, namespace } = object.metadata;
  checkPreconditions(call, object, options);
  if (options.dryRun?.includes('All') || call.request.query.get('dryRun') === 'All') return undefined;
  const policy = options.orphanDependents ? 'Orphan' : (options.propagationPolicy ?? '');
  const finalizer = FINALIZERS[policy];
  if (finalizer !== undefined && !object.metadata.finalizers?.includes(finalizer)) {
    storage.change(resource, namespace, name, (current) => ({
      ...current,
      metadata: { ...current.metadata, finalizers: [...(current.metadata.finalizers ?? []), finalizer] },
    }));
  }
  storage.remove(
    resource,
    namespace,
    name,
    strategyOf(call.definition).gracePeriodSeconds(object, options.gracePeriodSeconds),
  );
  return storage.peekOne(resource, namespace, name);
}

/** A namespace takes a moment on a real server, which answers with it as it goes; here it has gone already. */
function terminating(namespace: StoredObject, now: number): object {
  const deletionTimestamp = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return { ...namespace, metadata: { ...namespace.metadata, deletionTimestamp }, status: { phase: 'Terminating' } };
}

/** The marked object while something holds it, else a Status. */
export function deleteOne(call: Call): ApiAnswer {
  const options = deleteOptions(call.request);
  checkOptions(options);
  existing(call);
  const { world, definition, namespace, target } = call;
  const stored = world.storage.peekOne(storedView(definition), namespace, target.name ?? '')!;
  const rest = remove(call, stored, options);
  if (rest && rest.metadata.uid === stored.metadata.uid) {
    return jsonAnswer(200, renderObject(viewOf(rest, definition), rendering(call)));
  }
  // A pod that goes at once is answered as it was, every other kind by a Status.
  if (definition.kind === 'Pod') return jsonAnswer(200, renderObject(stored, rendering(call)));
  if (definition.kind === 'Namespace') return jsonAnswer(200, terminating(stored, world.clock.now()));
  const { group, kind, name } = namedResource(call);
  const details = { name, ...(group !== '' && { group }), kind, uid: stored.metadata.uid };
  return jsonAnswer(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

export function deleteCollection(call: Call): ApiAnswer {
  const options = deleteOptions(call.request);
  checkOptions(options);
  const { world, definition, namespace, request } = call;
  const matches = matcher(request.query, definition);
  const chosen = world.storage.peek(storedView(definition), namespace).filter(matches);
  for (const object of chosen) remove(call, object, options);
  const metadata = { resourceVersion: String(world.storage.resourceVersion()) };
  return jsonAnswer(200, renderList(chosen, metadata, rendering(call)));
}
