/** In which form an answer is wanted: the object itself, a Table, or metadata only. */
import type { StoredObject } from '../storage-contract.ts';
import type { ApiRequest } from './message.ts';
import type { ResourceDefinition } from './registry.ts';
import { StatusError } from './status.ts';
import { tableOf } from './tables/table.ts';

export type Representation = 'object' | 'table' | 'metadata';

const META = 'meta.k8s.io';

function parameters(mediaType: string): { type: string; as: string | undefined; group: string | undefined } {
  const [type = '', ...rest] = mediaType.split(';').map((part) => part.trim());
  const values = new Map(rest.map((part) => part.split('=', 2) as [string, string]));
  return { type, as: values.get('as'), group: values.get('g') };
}

const TYPES = new Set(['application/json', 'application/*', '*/*', 'application/yaml']);

/** The first of the client's choices that is served: JSON only, protobuf never. Throws 406. */
export function representation(request: ApiRequest): Representation {
  const accept = request.headers['accept'] ?? '*/*';
  for (const choice of accept.split(',')) {
    const { type, as, group } = parameters(choice);
    if (!TYPES.has(type)) continue;
    if (as === undefined) return 'object';
    if (group !== META) continue;
    if (as === 'Table') return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'metadata';
  }
  const message = '406: Not Acceptable\n\nAvailable representations: application/json';
  throw new StatusError(406, 'NotAcceptable', message, {});
}

const partial = ({ metadata }: StoredObject): object => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata,
});

export interface Rendering {
  definition: ResourceDefinition;
  form: Representation;
  includeObject: string | null;
  now: number;
}

/** One object in the wanted form. */
export function renderObject(object: StoredObject, { form, ...how }: Rendering): object {
  if (form === 'metadata') return partial(object);
  if (form === 'table') {
    return tableOf([object], { resourceVersion: object.metadata.resourceVersion }, how, partial);
  }
  return object;
}

/** A list in the wanted form. Items of built-in kinds carry no apiVersion and kind, as on the real server. */
export function renderList(objects: readonly StoredObject[], metadata: object, { form, ...how }: Rendering): object {
  const { definition } = how;
  if (form === 'table') return tableOf(objects, metadata, how, partial);
  if (form === 'metadata') {
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map(partial) };
  }
  const { custom, kind } = definition;
  const listKind = custom?.definition.spec.names.listKind ?? `${kind}List`;
  const apiVersion = definition.group === '' ? definition.version : `${definition.group}/${definition.version}`;
  const items = custom ? objects : objects.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest);
  return { kind: listKind, apiVersion, metadata, items };
}
