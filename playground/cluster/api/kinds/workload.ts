/** Deployments, ReplicaSets, StatefulSets and DaemonSets: a selector, a pod template, a number. */
import { isDeepStrictEqual } from 'node:util';
import type { StoredObject } from '../../storage-contract.ts';
import { fieldInvalid, fieldRequired, fieldUnsupported, type FieldError } from '../status.ts';
import { leaveOut } from './left-out.ts';
import { labelErrors } from './metadata.ts';
import { setPodSpecDefaults } from './pod-defaults.ts';
import { podSpecErrors } from './pod-validation.ts';
import { specAndStatusStrategy, type Draft, type Strategy } from './strategy.ts';

type Fields = Record<string, unknown>;

interface WorkloadSpec extends Fields {
  selector?: { matchLabels?: Record<string, string>; matchExpressions?: object[] };
  template?: { metadata?: { labels?: Record<string, string> }; spec?: Fields };
}

const specOf = (draft: { [field: string]: unknown }): WorkloadSpec => (draft['spec'] ??= {}) as WorkloadSpec;

function setTemplateDefaults(spec: WorkloadSpec): void {
  spec.template ??= {};
  spec.template.metadata ??= {};
  leaveOut(spec.template.metadata, 'labels', 'annotations');
  setPodSpecDefaults((spec.template.spec ??= {}));
}

function setRollingUpdate(spec: Fields, field: string, defaults: Fields): void {
  const strategy = (spec[field] ??= {}) as Fields;
  strategy['type'] ??= 'RollingUpdate';
  if (strategy['type'] !== 'RollingUpdate') return;
  const rolling = (strategy['rollingUpdate'] ??= {}) as Fields;
  for (const [key, value] of Object.entries(defaults)) rolling[key] ??= value;
}

const DEFAULTS: Record<string, (spec: Fields) => void> = {
  Deployment(spec) {
    spec['replicas'] ??= 1;
    spec['revisionHistoryLimit'] ??= 10;
    spec['progressDeadlineSeconds'] ??= 600;
    setRollingUpdate(spec, 'strategy', { maxUnavailable: '25%', maxSurge: '25%' });
  },
  ReplicaSet(spec) {
    spec['replicas'] ??= 1;
  },
  StatefulSet(spec) {
    spec['replicas'] ??= 1;
    spec['revisionHistoryLimit'] ??= 10;
    spec['podManagementPolicy'] ??= 'OrderedReady';
    spec['serviceName'] ??= '';
    spec['persistentVolumeClaimRetentionPolicy'] ??= { whenDeleted: 'Retain', whenScaled: 'Retain' };
    setRollingUpdate(spec, 'updateStrategy', { partition: 0, maxUnavailable: 1 });
  },
  DaemonSet(spec) {
    spec['revisionHistoryLimit'] ??= 10;
    setRollingUpdate(spec, 'updateStrategy', { maxUnavailable: 1, maxSurge: 0 });
  },
};

/** The status that the server itself writes into a new object. */
const NEW_STATUS: Record<string, object> = {
  ReplicaSet: { replicas: 0 },
  StatefulSet: { replicas: 0, availableReplicas: 0 },
  DaemonSet: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
};

function selectorErrors(spec: WorkloadSpec): FieldError[] {
  const { selector } = spec;
  if (!selector) return [fieldRequired('spec.selector')];
  const isEmpty = Object.keys(selector.matchLabels ?? {}).length === 0 && !selector.matchExpressions?.length;
  if (isEmpty) return [fieldInvalid('spec.selector', selector, 'empty selector is invalid for deployment')];
  return labelErrors(selector.matchLabels, 'spec.selector.matchLabels');
}

function templateErrors(spec: WorkloadSpec): FieldError[] {
  const labels = spec.template?.metadata?.labels;
  const wanted = Object.entries(spec.selector?.matchLabels ?? {});
  const matches = spec.selector && wanted.every(([key, value]) => labels?.[key] === value);
  const errors = labelErrors(labels, 'spec.template.metadata.labels');
  if (!matches) {
    errors.push(fieldInvalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  const podSpec = spec.template?.spec ?? {};
  errors.push(...podSpecErrors(podSpec, 'spec.template.spec'));
  const restart = podSpec['restartPolicy'];
  if (restart === 'OnFailure' || restart === 'Never') {
    errors.push(fieldUnsupported('spec.template.spec.restartPolicy', restart, ['Always']));
  }
  return errors;
}

function notNegative(spec: Fields, ...fields: string[]): FieldError[] {
  return fields
    .filter((field) => typeof spec[field] === 'number' && spec[field] < 0)
    .map((field) => fieldInvalid(`spec.${field}`, spec[field], 'must be greater than or equal to 0'));
}

/** A number of pods, or a percentage. */
function shareErrors(field: string, value: unknown): FieldError[] {
  if (typeof value === 'number' && value < 0) {
    return [fieldInvalid(field, value, 'must be greater than or equal to 0')];
  }
  if (typeof value !== 'string' || /^\d+%$/.test(value)) return [];
  const why =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  return [fieldInvalid(field, value, why)];
}

function rollingUpdateErrors(spec: Fields): FieldError[] {
  const strategy = spec['strategy'] as Fields | undefined;
  const rolling = strategy?.['rollingUpdate'] as Fields | undefined;
  if (strategy?.['type'] === 'Recreate' && rolling) {
    return [
      {
        field: 'spec.strategy.rollingUpdate',
        reason: 'FieldValueForbidden',
        text: "Forbidden: may not be specified when strategy `type` is 'Recreate'",
      },
    ];
  }
  if (strategy && !['Recreate', 'RollingUpdate'].includes(String(strategy['type']))) {
    const goStruct = { Type: strategy['type'], RollingUpdate: rolling ?? null };
    return [fieldUnsupported('spec.strategy', goStruct, ['Recreate', 'RollingUpdate'])];
  }
  if (!rolling) return [];
  const isZero = (value: unknown): boolean => /^0*%?$/.test(String(value));
  const at = (field: string): string => `spec.strategy.rollingUpdate.${field}`;
  const { maxSurge, maxUnavailable } = rolling;
  const errors = [...shareErrors(at('maxUnavailable'), maxUnavailable), ...shareErrors(at('maxSurge'), maxSurge)];
  if (isZero(maxUnavailable) && isZero(maxSurge)) {
    errors.push(fieldInvalid(at('maxUnavailable'), maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  if (typeof maxUnavailable === 'string' && Number.parseInt(maxUnavailable, 10) > 100) {
    errors.push(fieldInvalid(at('maxUnavailable'), maxUnavailable, 'must not be greater than 100%'));
  }
  return errors;
}

function deadlineErrors(spec: Fields): FieldError[] {
  const deadline = spec['progressDeadlineSeconds'];
  const minReady = Number(spec['minReadySeconds'] ?? 0);
  if (typeof deadline !== 'number' || deadline > minReady) return [];
  return [fieldInvalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')];
}

function validate(draft: Draft, previous: StoredObject | undefined, subresource: string | undefined): FieldError[] {
  if (subresource !== undefined) return [];
  const spec = specOf(draft);
  const errors = [
    ...notNegative(spec, 'replicas'),
    ...selectorErrors(spec),
    ...templateErrors(spec),
    ...rollingUpdateErrors(spec),
    ...notNegative(spec, 'minReadySeconds', 'revisionHistoryLimit'),
    ...(draft.kind === 'Deployment' ? deadlineErrors(spec) : []),
  ];
  if (previous && !isDeepStrictEqual(specOf(previous).selector, spec.selector)) {
    errors.push(fieldInvalid('spec.selector', spec.selector, 'field is immutable'));
  }
  return errors;
}

export const workloadStrategy: Strategy = {
  ...specAndStatusStrategy,
  setDefaults(draft) {
    const spec = specOf(draft);
    leaveOut(spec, 'paused', 'minReadySeconds');
    DEFAULTS[draft.kind]?.(spec);
    setTemplateDefaults(spec);
  },
  prepareCreate(draft) {
    draft['status'] = { ...NEW_STATUS[draft.kind] };
  },
  validate,
};

export const deploymentStrategy: Strategy = { ...workloadStrategy, annotationsRaiseGeneration: true };
