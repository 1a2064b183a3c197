/** The mistakes people make in a pod spec or template, reported as the API server reports them. */
import {
  fieldDuplicate,
  fieldInvalid,
  fieldNotFound,
  fieldRequired,
  fieldUnsupported,
  type FieldError,
} from '../status.ts';
import { dnsLabelProblem } from './metadata.ts';

type Fields = Record<string, unknown>;

const list = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : []);

function portErrors(container: Fields, at: string): FieldError[] {
  return list(container['ports']).flatMap((port, i) => {
    const number = port['containerPort'];
    const field = `${at}.ports[${i}].containerPort`;
    if (number === undefined || number === 0) return [fieldRequired(field)];
    if (Number(number) < 1 || Number(number) > 65_535) {
      return [fieldInvalid(field, number, 'must be between 1 and 65535, inclusive')];
    }
    return [];
  });
}

function environmentErrors(container: Fields, at: string): FieldError[] {
  return list(container['env']).flatMap((variable, i) =>
    variable['name'] === undefined || variable['name'] === '' ? [fieldRequired(`${at}.env[${i}].name`)] : [],
  );
}

function mountErrors(container: Fields, at: string, volumes: Set<unknown>): FieldError[] {
  return list(container['volumeMounts']).flatMap((mount, i) => {
    const field = `${at}.volumeMounts[${i}]`;
    const errors: FieldError[] = [];
    if (!mount['name']) errors.push(fieldRequired(`${field}.name`));
    else if (!volumes.has(mount['name'])) {
      errors.push(fieldNotFound(`${field}.name`, mount['name']));
    }
    if (!mount['mountPath']) errors.push(fieldRequired(`${field}.mountPath`));
    return errors;
  });
}

function containerErrors(container: Fields, at: string, volumes: Set<unknown>): FieldError[] {
  const errors: FieldError[] = [];
  const name = container['name'];
  if (name === undefined || name === '') errors.push(fieldRequired(`${at}.name`));
  else {
    const problem = dnsLabelProblem(name as string);
    if (problem) errors.push(fieldInvalid(`${at}.name`, name, problem));
  }
  const image = container['image'];
  if (image === undefined || image === '') errors.push(fieldRequired(`${at}.image`));
  const policy = container['imagePullPolicy'];
  if (policy !== undefined && !['Always', 'IfNotPresent', 'Never'].includes(policy as string)) {
    errors.push(fieldUnsupported(`${at}.imagePullPolicy`, policy, ['Always', 'IfNotPresent', 'Never']));
  }
  return [
    ...errors,
    ...portErrors(container, at),
    ...environmentErrors(container, at),
    ...mountErrors(container, at, volumes),
  ];
}

/** `path` is `spec` for a pod and `spec.template.spec` for a workload. */
export function podSpecErrors(spec: Fields, path: string): FieldError[] {
  const volumes = new Set(list(spec['volumes']).map((v) => v['name']));
  const errors = list(spec['volumes']).flatMap((volume, i) =>
    volume['name'] === undefined ? [fieldRequired(`${path}.volumes[${i}].name`)] : [],
  );
  const containers = list(spec['containers']);
  if (containers.length === 0) errors.push(fieldRequired(`${path}.containers`));
  const seen = new Set<unknown>();
  for (const member of ['containers', 'initContainers']) {
    for (const [i, container] of list(spec[member]).entries()) {
      const at = `${path}.${member}[${i}]`;
      errors.push(...containerErrors(container, at, volumes));
      if (container['name'] !== undefined && seen.has(container['name'])) {
        errors.push(fieldDuplicate(`${at}.name`, container['name']));
      }
      seen.add(container['name']);
    }
  }
  const restart = spec['restartPolicy'];
  if (restart !== undefined && !['Always', 'OnFailure', 'Never'].includes(restart as string)) {
    errors.push(fieldUnsupported(`${path}.restartPolicy`, restart, ['Always', 'OnFailure', 'Never']));
  }
  return errors;
}
