/**
 * ValidatingAdmissionPolicies in CEL, in force from the start: may this user write just this? As much of them as k8s/admission.yaml needs:
 * rules by group and resource, namespaces by label, variables, the authorizer, and nothing but denial. They are given when the server
 * starts and are not served as objects. test/playground/cluster/api/policies.test.ts holds the words, test/cluster/admission.test.ts the real ones.
 */
import { Environment } from '@marcbachmann/cel-js';
import type { StoredObject } from '../../storage-contract.ts';
import { namedResource, type Call } from '../call.ts';
import type { Draft } from '../kinds/strategy.ts';
import { celValue } from '../schemas/cel.ts';
import { type Named, StatusError } from '../status.ts';

interface Manifest {
  kind: string;
  metadata: { name: string };
}

interface Policy extends Manifest {
  spec: {
    matchConstraints: { resourceRules: { apiGroups: string[]; operations: string[]; resources: string[] }[] };
    variables?: { name: string; expression: string }[];
    validations: { expression: string; messageExpression?: string; message?: string }[];
  };
}

interface Binding extends Manifest {
  spec: { policyName: string; matchResources?: { namespaceSelector?: { matchLabels?: Record<string, string> } } };
}

/** Throws 403 when one of them denies what is about to be stored; `previous`: absent on create. */
export type AdmissionPolicies = (call: Call, draft: Draft, previous?: StoredObject) => void;

type Context = Record<string, unknown>;
type Asks = (words: Context) => boolean;

/** `authorizer.group(…).resource(…)…`, as far as it was said. */
class Question {
  readonly asks: Asks;
  readonly said: Context;
  constructor(asks: Asks, said: Context) {
    this.asks = asks;
    this.said = said;
  }
}

class Decision {
  readonly isAllowed: boolean;
  constructor(isAllowed: boolean) {
    this.isAllowed = isAllowed;
  }
}

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
const environment = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true })
  .registerType('Question', { ctor: Question })
  .registerType('Decision', { ctor: Decision })
  .registerFunction(
    'Question.check(string): Decision',
    (question: Question, verb: string) => new Decision(question.asks({ ...question.said, verb })),
  )
  .registerFunction('Decision.allowed(): bool', (decision: Decision) => decision.isAllowed);
for (const word of ['group', 'resource', 'namespace', 'name'])
  environment.registerFunction(
    `Question.${word}(string): Question`,
    (question: Question, value: string) => new Question(question.asks, { ...question.said, [word]: value }),
  );

const programs = new Map<string, (context: Context) => unknown>();

function valueOf(expression: string, context: Context): unknown {
  let program = programs.get(expression);
  if (!program) programs.set(expression, (program = environment.parse(expression) as (context: Context) => unknown));
  return program(context);
}

const covers = (list: readonly string[], wanted: string): boolean => list.includes('*') || list.includes(wanted);

function isMeant(policy: Policy, binding: Binding, { target, namespace, world }: Call, operation: string): boolean {
  const { group, plural, subresource } = target;
  const isResource = policy.spec.matchConstraints.resourceRules.some(
    (rule) =>
      subresource === undefined &&
      covers(rule.apiGroups, group) &&
      covers(rule.resources, plural) &&
      covers(rule.operations, operation),
  );
  if (!isResource) return false;
  const labels = world.storage.peekOne(NAMESPACES, undefined, namespace ?? '')?.metadata.labels ?? {};
  const wanted = binding.spec.matchResources?.namespaceSelector?.matchLabels ?? {};
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** What the expressions see; each variable is worked out when it is looked at. */
function contextOf(policy: Policy, { user, world }: Call, draft: Draft, previous: StoredObject | undefined): Context {
  const { username, groups } = user;
  const asks: Asks = (words) =>
    world.authorizer.isAllowed(user, words as unknown as Parameters<typeof world.authorizer.isAllowed>[1]);
  const variables: Context = {};
  const context = {
    object: celValue(draft, undefined),
    oldObject: previous === undefined ? null : celValue(previous, undefined),
    request: celValue({ userInfo: { username, groups } }, undefined),
    authorizer: new Question(asks, {}),
    variables,
  };
  for (const { name, expression } of policy.spec.variables ?? [])
    Object.defineProperty(variables, name, { enumerable: true, get: () => valueOf(expression, context) });
  return context;
}

function deny(named: Named, policy: Policy, binding: Binding, message: string): never {
  const words = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}' denied request: ${message}`;
  const { group, kind, name } = named;
  throw new StatusError(403, 'Forbidden', `${kind}.${group} "${name}" is forbidden: ${words}`, {
    ...named,
    causes: [{ reason: 'Forbidden', message: words }],
  });
}

/** `manifests`: policies and their bindings. */
export function admissionPolicies(manifests: readonly Manifest[]): AdmissionPolicies {
  const policies = manifests.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy') as Policy[];
  const bindings = manifests.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding') as Binding[];
  const pairs = bindings.flatMap((binding) =>
    policies.filter(({ metadata }) => metadata.name === binding.spec.policyName).map((policy) => ({ policy, binding })),
  );
  return (call, draft, previous) => {
    for (const { policy, binding } of pairs) {
      if (!isMeant(policy, binding, call, previous ? 'UPDATE' : 'CREATE')) continue;
      const context = contextOf(policy, call, draft, previous);
      const broken = policy.spec.validations.find(({ expression }) => valueOf(expression, context) !== true);
      if (!broken) continue;
      const { messageExpression, message = `failed expression: ${broken.expression}` } = broken;
      const named = namedResource(call, draft.metadata.name);
      deny(named, policy, binding, messageExpression ? String(valueOf(messageExpression, context)) : message);
    }
  };
}
