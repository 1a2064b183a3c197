/** What a request is about, read from its method, path and query as the API server does it. */
import type { ApiRequest } from './message.ts';
import { badRequest } from './status.ts';

export interface ResourceTarget {
  group: string;
  version: string;
  plural: string;
  subresource: string | undefined;
  namespace: string | undefined;
  name: string | undefined;
  /** get, list, watch, create, update, patch, delete, deletecollection. */
  verb: string;
}

const isTrue = (value: string | null): boolean => value === '' || value === 'true' || value === '1';

function verbOf(request: ApiRequest, name: string | undefined): string {
  switch (request.method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      if (request.query.has('watch') && isTrue(request.query.get('watch'))) return 'watch';
      return name === undefined ? 'list' : 'get';
  }
}

/** The name that `fieldSelector=metadata.name=x` asks for: watches of one object are authorised by it. */
function selectedName(request: ApiRequest): string | undefined {
  return /^metadata\.name={1,2}([^,]+)$/.exec(request.query.get('fieldSelector') ?? '')?.[1];
}

/** undefined: not a resource, but `/version`, `/apis` and the like. */
export function resourceTarget(request: ApiRequest): ResourceTarget | undefined {
  const parts = request.path.split('/').filter((part) => part !== '');
  const decoded = parts.map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw badRequest(`invalid URL escape "${part}"`);
    }
  });
  const isCore = decoded[0] === 'api';
  if ((!isCore && decoded[0] !== 'apis') || decoded.length < (isCore ? 3 : 4)) return undefined;
  const [group, version] = isCore ? ['', decoded[1]!] : [decoded[1]!, decoded[2]!];
  let rest = decoded.slice(isCore ? 2 : 3);
  const isOldWatch = rest[0] === 'watch' && request.method === 'GET';
  if (isOldWatch) rest = rest.slice(1);
  let namespace: string | undefined;
  // `namespaces/x` alone, or with its own subresource, is the Namespace itself.
  if (rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize') {
    namespace = rest[1];
    rest = rest.slice(2);
  } else if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1];
  }
  const [plural, name, ...subresource] = rest;
  if (plural === undefined) return undefined;
  const verb = isOldWatch ? 'watch' : verbOf(request, name);
  return {
    group,
    version,
    plural,
    namespace,
    name: name ?? (verb === 'list' || verb === 'watch' ? selectedName(request) : undefined),
    subresource: subresource.length > 0 ? subresource.join('/') : undefined,
    verb,
  };
}
