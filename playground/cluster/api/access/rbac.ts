/** Role-based access control over the stored Roles and bindings. system:masters may do everything. */
import type { ClusterStorage } from '../../storage.ts';
import type { Resource, StoredObject } from '../../storage-contract.ts';
import type { User } from './accounts.ts';

export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

/** A question: may this user do that? */
export type Attributes =
  | { path: string; verb: string }
  | {
      verb: string;
      group: string;
      resource: string;
      subresource?: string | undefined;
      namespace?: string | undefined;
      name?: string | undefined;
    };

const rbac = (plural: string): Resource => ({ group: 'rbac.authorization.k8s.io', version: 'v1', plural });
const ROLES = rbac('roles');
const CLUSTER_ROLES = rbac('clusterroles');
const ROLE_BINDINGS = rbac('rolebindings');
const CLUSTER_ROLE_BINDINGS = rbac('clusterrolebindings');

interface Binding extends StoredObject {
  subjects?: { kind: string; name: string; namespace?: string }[];
  roleRef: { kind: string; name: string };
}

interface Role extends StoredObject {
  rules?: PolicyRule[] | null;
  aggregationRule?: { clusterRoleSelectors?: { matchLabels?: Record<string, string> }[] };
}

type Subject = NonNullable<Binding['subjects']>[number];

function subjectOf(user: User, binding: Binding): Subject | undefined {
  return binding.subjects?.find(({ kind, name, namespace }) => {
    if (kind === 'User') return name === user.username || name === '*';
    if (kind === 'Group') return user.groups.includes(name);
    return user.username === `system:serviceaccount:${namespace ?? binding.metadata.namespace ?? ''}:${name}`;
  });
}

const covers = (list: string[] | undefined, wanted: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(wanted));

function coversPath(rule: PolicyRule, path: string): boolean {
  return (rule.nonResourceURLs ?? []).some((url) =>
    url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path,
  );
}

function allows(rule: PolicyRule, asked: Attributes): boolean {
  if (!covers(rule.verbs, asked.verb)) return false;
  if ('path' in asked) return coversPath(rule, asked.path);
  const { group, resource, subresource, name } = asked;
  if (!covers(rule.apiGroups, group)) return false;
  const wanted = subresource === undefined ? resource : `${resource}/${subresource}`;
  const covered =
    covers(rule.resources, wanted) || (subresource !== undefined && rule.resources?.includes(`*/${subresource}`));
  if (!covered) return false;
  const names = rule.resourceNames ?? [];
  return names.length === 0 || (name !== undefined && names.includes(name));
}

export interface Authorizer {
  isAllowed(user: User, asked: Attributes): boolean;
  /** By which binding, in the real server's words; '' for system:masters, undefined when not allowed. */
  reason(user: User, asked: Attributes): string | undefined;
  /** Every rule that holds for the user in this namespace. */
  rulesFor(user: User, namespace: string | undefined): PolicyRule[];
}

export function createAuthorizer(storage: ClusterStorage): Authorizer {
  /** A role made of others, chosen by label. */
  function aggregated(role: Role): PolicyRule[] {
    const selectors = role.aggregationRule?.clusterRoleSelectors;
    if (!selectors) return role.rules ?? [];
    const chosen = (storage.peek(CLUSTER_ROLES) as Role[]).filter(
      (other) =>
        other !== role &&
        selectors.some((s) =>
          Object.entries(s.matchLabels ?? {}).every(([key, value]) => other.metadata.labels?.[key] === value),
        ),
    );
    return [...(role.rules ?? []), ...chosen.flatMap((other) => other.rules ?? [])];
  }

  function rulesOf({ roleRef, metadata }: Binding): PolicyRule[] {
    const isCluster = roleRef.kind === 'ClusterRole';
    const role = storage.peekOne(
      isCluster ? CLUSTER_ROLES : ROLES,
      isCluster ? undefined : metadata.namespace,
      roleRef.name,
    );
    return role ? aggregated(role) : [];
  }

  function bindingsOf(user: User, namespace: string | undefined): Binding[] {
    const everywhere = storage.peek(CLUSTER_ROLE_BINDINGS) as Binding[];
    const here = namespace ? (storage.peek(ROLE_BINDINGS, namespace) as Binding[]) : [];
    return [...everywhere, ...here].filter((binding) => subjectOf(user, binding));
  }

  function reason(user: User, asked: Attributes): string | undefined {
    if (user.groups.includes('system:masters')) return '';
    const namespace = 'path' in asked ? undefined : asked.namespace;
    const binding = bindingsOf(user, namespace).find((b) => rulesOf(b).some((rule) => allows(rule, asked)));
    return binding && because(binding, subjectOf(user, binding)!);
  }

  return {
    rulesFor: (user, namespace) => bindingsOf(user, namespace).flatMap(rulesOf),
    reason,
    isAllowed: (user, asked) => reason(user, asked) !== undefined,
  };
}

function because({ kind, metadata, roleRef }: Binding, { kind: subjectKind, name, namespace }: Subject): string {
  const own = metadata.namespace === undefined ? metadata.name : `${metadata.name}/${metadata.namespace}`;
  const subject = subjectKind === 'ServiceAccount' ? `${name}/${namespace ?? metadata.namespace}` : name;
  return `RBAC: allowed by ${kind} "${own}" of ${roleRef.kind} "${roleRef.name}" to ${subjectKind} "${subject}"`;
}

/** "User "x" cannot get resource "pods" in API group "" in the namespace "y"", as the 403 says it. */
export function denial(user: User, asked: Attributes): string {
  if ('path' in asked) return `User "${user.username}" cannot ${asked.verb} path "${asked.path}"`;
  const { verb, group, resource, subresource, namespace } = asked;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace ? ` in the namespace "${namespace}"` : ' at the cluster scope';
  return `User "${user.username}" cannot ${verb} resource "${what}" in API group "${group}"${where}`;
}
