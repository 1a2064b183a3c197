/** Kinds of the core group and a few others with small rules of their own. */
import { isDeepStrictEqual } from 'node:util';
import type { StoredObject } from '../../storage-contract.ts';
import { fieldForbidden, fieldInvalid, fieldRequired, type FieldError } from '../status.ts';
import { setPodSpecDefaults } from './pod-defaults.ts';
import { podSpecErrors } from './pod-validation.ts';
import { plainStrategy, specAndStatusStrategy, type Draft, type Strategy } from './strategy.ts';

type Fields = Record<string, unknown>;

const KEY = '[-._a-zA-Z0-9]+';
const KEY_TEXT = `a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '${KEY}')`;

/** Members of a ConfigMap or Secret that hold content. */
const CONTENT = ['data', 'binaryData'];

function keyErrors(draft: Draft, previous: StoredObject | undefined): FieldError[] {
  const errors: FieldError[] = [];
  if (previous?.['immutable'] === true) {
    if (draft['immutable'] !== true) {
      errors.push(fieldForbidden('immutable', 'field is immutable when `immutable` is set'));
    }
    for (const member of CONTENT) {
      if (!isDeepStrictEqual(draft[member], previous[member])) {
        errors.push(fieldForbidden(member, 'field is immutable when `immutable` is set'));
      }
    }
  }
  for (const member of CONTENT) {
    for (const key of Object.keys(draft[member] ?? {})) {
      if (!new RegExp(`^${KEY}$`).test(key)) errors.push(fieldInvalid(`${member}[${key}]`, key, KEY_TEXT));
    }
  }
  const bytes = CONTENT.reduce((sum, member) => sum + Buffer.byteLength(JSON.stringify(draft[member] ?? '')), 0);
  if (bytes > 1024 * 1024) {
    errors.push({ field: '[]', reason: 'FieldValueTooLong', text: 'Too long: may not be more than 1048576 bytes' });
  }
  return errors;
}

export const configMapStrategy: Strategy = { ...plainStrategy, validate: keyErrors };

export const secretStrategy: Strategy = {
  ...plainStrategy,
  setDefaults(draft) {
    draft['type'] ??= 'Opaque';
    const plain = draft['stringData'] as Record<string, string> | undefined;
    if (!plain) return;
    const encoded = Object.entries(plain).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    draft['data'] = { ...(draft['data'] as Fields | undefined), ...Object.fromEntries(encoded) };
    delete draft['stringData'];
  },
  validate: keyErrors,
};

export const namespaceStrategy: Strategy = {
  ...specAndStatusStrategy,
  setDefaults(draft) {
    draft.metadata.labels = { ...draft.metadata.labels, 'kubernetes.io/metadata.name': draft.metadata.name ?? '' };
    draft['spec'] ??= {};
  },
  prepareCreate(draft) {
    draft['spec'] = { finalizers: ['kubernetes'] };
    draft['status'] = { phase: 'Active' };
  },
};

function portDefaults(port: Fields): void {
  port['protocol'] ??= 'TCP';
  port['targetPort'] ??= port['port'];
}

/** Cluster addresses are given out by hashing, so that they repeat from run to run. */
function clusterAddress(draft: Draft): string {
  const text = `${draft.metadata.namespace ?? ''}/${draft.metadata.name ?? ''}`;
  let hash = 7;
  for (const character of text) hash = (hash * 31 + character.charCodeAt(0)) % 65_000;
  return `10.96.${(hash >> 8) & 255}.${Math.max(1, hash & 255)}`;
}

export const serviceStrategy: Strategy = {
  ...specAndStatusStrategy,
  setDefaults(draft) {
    const spec = (draft['spec'] ??= {}) as Fields;
    spec['type'] ??= 'ClusterIP';
    spec['sessionAffinity'] ??= 'None';
    for (const port of (spec['ports'] ?? []) as Fields[]) portDefaults(port);
    if (spec['type'] === 'ExternalName') return;
    spec['internalTrafficPolicy'] ??= 'Cluster';
    spec['ipFamilies'] ??= ['IPv4'];
    spec['ipFamilyPolicy'] ??= 'SingleStack';
    spec['clusterIP'] ??= clusterAddress(draft);
    spec['clusterIPs'] ??= [spec['clusterIP']];
  },
  prepareCreate(draft) {
    draft['status'] = { loadBalancer: {} };
  },
};

export const leaseStrategy: Strategy = {
  ...plainStrategy,
  createsOnUpdate: true,
  requiresResourceVersion: true,
  validate(draft) {
    const { leaseDurationSeconds, leaseTransitions } = (draft['spec'] ?? {}) as Record<string, number | undefined>;
    const errors: FieldError[] = [];
    if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
      errors.push(fieldInvalid('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0'));
    }
    if (leaseTransitions !== undefined && leaseTransitions < 0) {
      errors.push(fieldInvalid('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0'));
    }
    return errors;
  },
};

export const eventStrategy: Strategy = {
  ...plainStrategy,
  createsOnUpdate: true,
  setDefaults(draft) {
    draft['eventTime'] ??= null;
    draft['reportingComponent'] ??= '';
    draft['reportingInstance'] ??= '';
  },
  validate(draft) {
    const { namespace } = (draft['involvedObject'] ?? {}) as { namespace?: string };
    const where = namespace ?? 'default';
    if (namespace === draft.metadata.namespace || where === draft.metadata.namespace) return [];
    return [fieldInvalid('involvedObject.namespace', namespace ?? '', 'does not match event.namespace')];
  },
};

/** Role bindings keep the role they were made for. */
export const roleBindingStrategy: Strategy = {
  ...plainStrategy,
  setDefaults(draft) {
    for (const subject of (draft['subjects'] ?? []) as Fields[]) {
      if (subject['kind'] !== 'ServiceAccount') subject['apiGroup'] ??= 'rbac.authorization.k8s.io';
    }
  },
  validate(draft, previous) {
    if (!draft['roleRef']) return [fieldRequired('roleRef')];
    if (previous && !isDeepStrictEqual(previous['roleRef'], draft['roleRef'])) {
      const { apiGroup, kind, name } = draft['roleRef'] as Fields;
      return [fieldInvalid('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'field is immutable')];
    }
    return [];
  },
};

const POD_TEXT =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** A pod's spec without what may change. */
function fixedPart(spec: Fields): object {
  const containers = ((spec['containers'] ?? []) as Fields[]).map((c) => ({ ...c, image: undefined }));
  return { ...spec, containers, activeDeadlineSeconds: undefined, tolerations: undefined, nodeName: undefined };
}

/** What is limited and not requested is requested as much as it is limited to. */
function requestLimits(spec: Fields): void {
  for (const member of ['containers', 'initContainers']) {
    for (const { resources } of (spec[member] ?? []) as { resources: { limits?: Fields; requests?: Fields } }[]) {
      if (resources.limits) resources.requests = { ...resources.limits, ...resources.requests };
    }
  }
}

function qualityOfService(spec: Fields): string {
  const all = ((spec['containers'] ?? []) as { resources?: { limits?: Fields; requests?: Fields } }[]).map(
    (c) => c.resources,
  );
  if (all.every((r) => !r?.limits && !r?.requests)) return 'BestEffort';
  const isGuaranteed = all.every((r) =>
    ['cpu', 'memory'].every((name) => r?.limits?.[name] !== undefined && r.limits[name] === r.requests?.[name]),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

export const podStrategy: Strategy = {
  ...specAndStatusStrategy,
  setDefaults(draft) {
    const spec = (draft['spec'] ??= {}) as Fields;
    setPodSpecDefaults(spec);
    requestLimits(spec);
    spec['enableServiceLinks'] ??= true;
    spec['serviceAccountName'] ??= spec['serviceAccount'] ??= 'default';
    spec['tolerations'] ??= ['not-ready', 'unreachable'].map((taint) => ({
      key: `node.kubernetes.io/${taint}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    }));
    spec['priority'] ??= 0;
    spec['preemptionPolicy'] ??= 'PreemptLowerPriority';
  },
  prepareCreate(draft) {
    draft['status'] = { phase: 'Pending', qosClass: qualityOfService((draft['spec'] ?? {}) as Fields) };
  },
  validate(draft, previous, subresource) {
    if (subresource !== undefined) return [];
    const spec = (draft['spec'] ?? {}) as Fields;
    const errors = podSpecErrors(spec, 'spec');
    if (previous && !isDeepStrictEqual(fixedPart(spec), fixedPart(previous['spec'] as Fields))) {
      errors.push(fieldForbidden('spec', POD_TEXT));
    }
    return errors;
  },
  gracePeriodSeconds(object, asked) {
    const spec = object['spec'] as Fields | undefined;
    const phase = (object['status'] as Fields | undefined)?.['phase'];
    if (spec?.['nodeName'] === undefined || phase === 'Succeeded' || phase === 'Failed') return 0;
    return asked ?? (spec['terminationGracePeriodSeconds'] as number | undefined) ?? 30;
  },
};

export const autoscalerStrategy: Strategy = {
  ...specAndStatusStrategy,
  setDefaults(draft) {
    const spec = (draft['spec'] ??= {}) as Fields;
    spec['minReplicas'] ??= 1;
    const target = { type: 'Utilization', averageUtilization: 80 };
    spec['metrics'] ??= [{ type: 'Resource', resource: { name: 'cpu', target } }];
  },
  prepareCreate(draft) {
    draft['status'] = { desiredReplicas: 0, currentMetrics: null };
  },
  validate(draft) {
    const { maxReplicas, minReplicas } = (draft['spec'] ?? {}) as Record<string, number | undefined>;
    if (maxReplicas === undefined || maxReplicas < 1) {
      return [fieldInvalid('spec.maxReplicas', maxReplicas ?? 0, 'must be greater than 0')];
    }
    if (minReplicas !== undefined && maxReplicas < minReplicas) {
      return [fieldInvalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`')];
    }
    return [];
  },
};

export const disruptionBudgetStrategy: Strategy = {
  ...specAndStatusStrategy,
  prepareCreate(draft) {
    draft['status'] = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },
};
