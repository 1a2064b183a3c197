/** Questions about rights and identities, answered and not stored: access reviews, rules reviews, token requests. */
import { AUDIENCE, type User } from '../access/accounts.ts';
import type { Attributes } from '../access/rbac.ts';
import { objectBody } from '../body.ts';
import type { Call } from '../call.ts';
import { jsonAnswer, type ApiAnswer } from '../message.ts';
import { groupVersionOf } from '../registry.ts';
import { fieldInvalid, invalid } from '../status.ts';
import { existing } from './read.ts';

interface ResourceAttributes {
  namespace?: string;
  verb?: string;
  group?: string;
  resource?: string;
  subresource?: string;
  name?: string;
}

interface AccessSpec {
  resourceAttributes?: ResourceAttributes;
  nonResourceAttributes?: { path?: string; verb?: string };
  user?: string;
  groups?: string[];
  uid?: string;
}

function created(call: Call, spec: object | undefined, status: object): ApiAnswer {
  const { definition } = call;
  const body = {
    kind: definition.kind,
    apiVersion: groupVersionOf(definition),
    metadata: {},
    ...(spec && { spec }),
    status,
  };
  return jsonAnswer(201, body);
}

function attributes({ resourceAttributes, nonResourceAttributes }: AccessSpec): Attributes {
  if (resourceAttributes) {
    const { verb = '', group = '', resource = '', subresource, namespace, name } = resourceAttributes;
    return { verb, group, resource, subresource: subresource || undefined, namespace, name };
  }
  return { path: nonResourceAttributes?.path ?? '', verb: nonResourceAttributes?.verb ?? '' };
}

function accessReview(call: Call, subject: (spec: AccessSpec) => User): ApiAnswer {
  const { spec = {} } = objectBody(call.request, call.definition.kind) as { spec?: AccessSpec };
  if ((spec.resourceAttributes === undefined) === (spec.nonResourceAttributes === undefined)) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    throw invalid({ group: 'authorization.k8s.io', kind: '', name: '' }, [fieldInvalid('spec', null, why)]);
  }
  const user = subject(spec);
  const asked = attributes(spec);
  const reason = call.world.authorizer.reason(user, asked);
  return created(call, spec, { allowed: reason !== undefined, ...(reason && { reason }) });
}

function rulesReview(call: Call): ApiAnswer {
  const { spec } = objectBody(call.request, call.definition.kind) as { spec?: { namespace?: string } };
  const { user, world } = call;
  const rules = world.authorizer.rulesFor(user, spec?.namespace);
  return created(
    call,
    {},
    {
      resourceRules: rules.filter((rule) => rule.resources !== undefined),
      nonResourceRules: rules.filter((rule) => rule.nonResourceURLs !== undefined),
      incomplete: false,
    },
  );
}

/** Reviews, by plural. */
export const reviews: Record<string, (call: Call) => ApiAnswer> = {
  selfsubjectaccessreviews: (call) => accessReview(call, () => call.user),
  subjectaccessreviews: (call) => accessReview(call, ({ user = '', groups = [] }) => ({ username: user, groups })),
  localsubjectaccessreviews: (call) => accessReview(call, ({ user = '', groups = [] }) => ({ username: user, groups })),
  selfsubjectrulesreviews: rulesReview,
  selfsubjectreviews: (call) => created(call, undefined, { userInfo: call.user }),
};

const SHORTEST_SECONDS = 600;

/** serviceaccounts/token. Throws 404, and 422 for less than ten minutes. */
export function tokenRequest(call: Call): ApiAnswer {
  const account = existing(call);
  const { spec = {} } = objectBody(call.request, 'TokenRequest') as { spec?: { expirationSeconds?: number } };
  const { expirationSeconds = 3600 } = spec;
  const { name, namespace = '', uid } = account.metadata;
  if (expirationSeconds < SHORTEST_SECONDS) {
    const why = 'may not specify a duration less than 10 minutes';
    throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest', name: '' }, [
      fieldInvalid('spec.expirationSeconds', expirationSeconds, why),
    ]);
  }
  const { clock, accounts } = call.world;
  const expiresAt = clock.now() + expirationSeconds * 1000;
  const timestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
  return jsonAnswer(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: timestamp(clock.now()) },
    spec: { audiences: [AUDIENCE], expirationSeconds, boundObjectRef: null },
    status: { token: accounts.sign(namespace, name, uid, expiresAt), expirationTimestamp: timestamp(expiresAt) },
  });
}
