/**
 * The simulated API server: a request becomes an answer or a stream. It does what the real one does in the real one's order (who is it,
 * may he, what is meant, is it valid, store it) over storage.ts, without a network and without waiting: each request is handled in one
 * go, so two never interleave. It never acts by itself; controllers and the kubelet do.
 */
import type { WorldClock } from '../../clock.ts';
import type { ClusterStorage } from '../storage.ts';
import { createAccounts, type User } from './access/accounts.ts';
import { admissionPolicies } from './access/policies.ts';
import { createAuthorizer, denial, type Attributes } from './access/rbac.ts';
import type { Call, PodLogs, World } from './call.ts';
import { discovery } from './discovery.ts';
import { jsonAnswer, textAnswer, type ApiRequest, type ApiResponse } from './message.ts';
import { createRegistry, type ResourceDefinition } from './registry.ts';
import { representation } from './representation.ts';
import { resourceTarget, type ResourceTarget } from './request-target.ts';
import { methodNotAllowed, StatusError, unknownResource } from './status.ts';
import { deleteCollection, deleteOne } from './verbs/delete.ts';
import { logs } from './verbs/logs.ts';
import { get, Lists } from './verbs/read.ts';
import { reviews, tokenRequest } from './verbs/reviews.ts';
import { scale } from './verbs/scale.ts';
import { watch } from './verbs/watch.ts';
import { create, patch, update } from './verbs/write.ts';

export interface ApiOptions {
  storage: ClusterStorage;
  clock: WorldClock;
  /** Bearer token → user. */
  tokens: Record<string, User>;
  random?: () => number;
  podLogs?: () => PodLogs | undefined;
  /** ValidatingAdmissionPolicies and their bindings. */
  policies?: Parameters<typeof admissionPolicies>[0];
}

export interface Api {
  /** Never throws: what goes wrong is answered as the real server answers it. */
  handle(request: ApiRequest): ApiResponse;
  /** The watch history and pages under way are gone: 410 for those who come back with an old version. */
  expire(): void;
}

type Handler = (call: Call) => ApiResponse;

function forbid(user: User, asked: Attributes): StatusError {
  const why = denial(user, asked);
  if ('path' in asked) return new StatusError(403, 'Forbidden', `forbidden: ${why}`, {});
  const { group, resource, name } = asked;
  const what = group === '' ? resource : `${resource}.${group}`;
  const named = name === undefined ? what : `${what} "${name}"`;
  return new StatusError(403, 'Forbidden', `${named} is forbidden: ${why}`, {
    ...(name !== undefined && { name }),
    ...(group !== '' && { group }),
    kind: resource,
  });
}

function attributesOf(target: ResourceTarget | undefined, request: ApiRequest): Attributes {
  return target ? { ...target, resource: target.plural } : { path: request.path, verb: request.method.toLowerCase() };
}

function authorise({ authorizer }: World, user: User, target: ResourceTarget | undefined, request: ApiRequest): void {
  const asked = attributesOf(target, request);
  if (!authorizer.isAllowed(user, asked)) throw forbid(user, asked);
}

/** `kubectl --as`: another user's name and groups, where the caller may take them on. */
function impersonated(world: World, user: User, target: ResourceTarget | undefined, request: ApiRequest): User {
  const { headers } = request;
  const username = headers['impersonate-user'];
  if (username === undefined) return user;
  const groups = headers['impersonate-group']?.split(', ') ?? [];
  const wanted = [{ resource: 'users', name: username }, ...groups.map((name) => ({ resource: 'groups', name }))];
  for (const what of wanted) {
    const asked = { verb: 'impersonate', group: '', ...what };
    if (world.authorizer.isAllowed(user, asked)) continue;
    // The refusal names what would have allowed just this one request (constrained impersonation, KEP-5284).
    const refused = attributesOf(target, request);
    const mode = username.startsWith('system:serviceaccount:') ? 'serviceaccount' : 'user-info';
    throw forbid(user, { ...refused, verb: `impersonate-on:${mode}:${refused.verb}` });
  }
  return { username, groups: [...groups, 'system:authenticated'] };
}

function subresourceHandler(call: Call): Handler | undefined {
  const { subresource, plural, verb, name } = call.target;
  if (subresource === 'scale') return { get: scale, update: scale, patch: scale }[verb];
  if (subresource === 'status') return { get, update, patch }[verb];
  if (plural === 'pods' && subresource === 'log' && verb === 'get') return logs;
  if (plural === 'serviceaccounts' && subresource === 'token' && verb === 'create' && name !== undefined)
    return tokenRequest;
  return undefined;
}

function handlerOf(call: Call, lists: Lists): Handler {
  const { target, definition } = call;
  const { verb, subresource, plural } = target;
  if (subresource !== undefined) {
    // exec, attach, port-forward and the like are not simulated.
    if (!definition.subresources.has(subresource)) throw unknownResource();
    const handler = subresourceHandler(call);
    if (!handler) throw unknownResource();
    return handler;
  }
  const review = reviews[plural];
  if (review && definition.group.startsWith('auth') && verb === 'create') return review;
  const isNamed = call.request.path.replace(/\/$/, '').split('/').at(-1) !== plural;
  if (!definition.verbs.includes(verb) || (isNamed && verb === 'create') || (!isNamed && verb === 'update')) {
    throw methodNotAllowed();
  }
  const handlers: Record<string, Handler> = {
    get,
    list: (c) => lists.list(c),
    watch,
    create,
    update,
    patch,
    delete: deleteOne,
    deletecollection: deleteCollection,
  };
  const handler = handlers[verb];
  if (!handler || (!isNamed && verb === 'patch')) throw methodNotAllowed();
  return handler;
}

/** `Warning: 299 - "…"`, one header line each. */
function withWarnings(response: ApiResponse, warnings: string[]): ApiResponse {
  if (warnings.length === 0) return response;
  const warning = warnings.map((text) => `299 - ${JSON.stringify(text)}`);
  return { ...response, headers: { ...response.headers, warning } };
}

function storedNamespace(definition: ResourceDefinition, target: ResourceTarget): string | undefined {
  return definition.namespaced ? target.namespace : undefined;
}

function handleResource(
  world: World,
  lists: Lists,
  request: ApiRequest,
  user: User,
  target: ResourceTarget,
): ApiResponse {
  const definition = world.registry.find(target.group, target.version, target.plural);
  if (!definition) {
    if (!world.registry.hasVersion(target.group, target.version)) return textAnswer(404, '404 page not found\n');
    throw unknownResource();
  }
  const namespace = storedNamespace(definition, target);
  const form = target.subresource === 'log' ? 'object' : representation(request);
  const call: Call = { world, request, user, target, definition, namespace, form, warnings: [] };
  if (definition.namespaced && namespace === undefined && !['list', 'watch', 'create'].includes(target.verb)) {
    throw unknownResource();
  }
  const response = handlerOf(call, lists)(call);
  return withWarnings(response, call.warnings);
}

export function createApi({ storage, clock, tokens, random = Math.random, podLogs, policies = [] }: ApiOptions): Api {
  const world: World = {
    storage,
    clock,
    random,
    registry: createRegistry(storage),
    accounts: createAccounts(storage, clock, tokens),
    authorizer: createAuthorizer(storage),
    policies: admissionPolicies(policies),
    podLogs: podLogs ?? (() => undefined),
  };
  const lists = new Lists();

  function dispatch(request: ApiRequest): ApiResponse {
    const caller = world.accounts.authenticate(request);
    const target = resourceTarget(request);
    const user = impersonated(world, caller, target, request);
    authorise(world, user, target, request);
    return target ? handleResource(world, lists, request, user, target) : discovery(world.registry, request);
  }

  return {
    handle(request) {
      try {
        return dispatch(request);
      } catch (error) {
        if (error instanceof StatusError) return jsonAnswer(error.status.code ?? 500, error.status);
        // A fault of the simulator itself: its place goes to the terminal, not to the client.
        process.stdout.write(`simulated API server: ${error instanceof Error ? error.stack : String(error)}\n`);
        const message = `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`;
        return jsonAnswer(500, new StatusError(500, 'InternalError', message, {}).status);
      }
    },
    expire() {
      storage.compact();
      lists.forget();
    },
  };
}
