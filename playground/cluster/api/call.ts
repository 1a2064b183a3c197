/** One authorised request for a resource, as the handlers see it, and what they work with. */
import type { WorldClock } from '../../clock.ts';
import type { ClusterStorage } from '../storage.ts';
import type { Accounts, User } from './access/accounts.ts';
import type { AdmissionPolicies } from './access/policies.ts';
import type { Authorizer } from './access/rbac.ts';
import type { ApiRequest } from './message.ts';
import type { Registry, ResourceDefinition } from './registry.ts';
import type { Representation } from './representation.ts';
import type { ResourceTarget } from './request-target.ts';
import type { Named } from './status.ts';

/** Logs as the kubelet gives them; its errors carry `status` and `message`. */
export interface PodLogs {
  (
    namespace: string,
    pod: string,
    options: {
      container?: string;
      previous?: boolean;
      tailLines?: number;
      sinceSeconds?: number;
      sinceTimeMs?: number;
      timestamps?: boolean;
      limitBytes?: number;
    },
  ): string;
}

export interface World {
  storage: ClusterStorage;
  clock: WorldClock;
  registry: Registry;
  accounts: Accounts;
  authorizer: Authorizer;
  policies: AdmissionPolicies;
  /** Draws the ends of generated names. */
  random: () => number;
  /** undefined while no kubelet runs. */
  podLogs(): PodLogs | undefined;
}

export interface Call {
  world: World;
  request: ApiRequest;
  user: User;
  target: ResourceTarget;
  definition: ResourceDefinition;
  /** Where the object is stored: undefined for cluster-wide kinds, and for lists over all namespaces. */
  namespace: string | undefined;
  form: Representation;
  /** Warnings that the answer's headers will carry. */
  warnings: string[];
}

/** `deployments.apps "web"`. */
export function namedResource({ definition, target }: Call, name = target.name ?? ''): Named {
  return { group: definition.group, kind: definition.plural, name };
}

/** `Deployment.apps "web"`, as validation errors name it. */
export function namedKind({ definition }: Call, name: string): Named {
  return { group: definition.group, kind: definition.kind, name };
}
