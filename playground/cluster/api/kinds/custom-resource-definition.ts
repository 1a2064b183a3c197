/** CustomResourceDefinitions: names, versions and rules checked, accepted and established at once. */
import type { CustomResourceDefinition } from '../registry.ts';
import { compileRule } from '../schemas/cel.ts';
import type { StructuralSchema } from '../schemas/structural.ts';
import { fieldInvalid, fieldRequired, type FieldError } from '../status.ts';
import { specAndStatusStrategy, type Draft, type Strategy } from './strategy.ts';

type Spec = CustomResourceDefinition['spec'];

const specOf = (draft: Draft): Spec => (draft['spec'] ?? {}) as Spec;

function condition(type: string, reason: string, message: string): object {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return { type, status: 'True', lastTransitionTime, reason, message };
}

function ruleErrors(schema: StructuralSchema, path: string): FieldError[] {
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule, i) => {
    try {
      compileRule(rule.rule);
      return [];
    } catch (error) {
      const why = `compilation failed: ${error instanceof Error ? error.message : String(error)}`;
      return [fieldInvalid(`${path}.x-kubernetes-validations[${i}].rule`, rule, why)];
    }
  });
  const members = Object.entries(schema.properties ?? {}).map(([name, member]): [string, StructuralSchema] => [
    `${path}.properties[${name}]`,
    member,
  ]);
  if (schema.items) members.push([`${path}.items`, schema.items]);
  if (typeof schema.additionalProperties === 'object') {
    members.push([`${path}.additionalProperties`, schema.additionalProperties]);
  }
  return [...own, ...members.flatMap(([at, member]) => ruleErrors(member, at))];
}

function validate(draft: Draft): FieldError[] {
  const { group, names, versions, scope } = specOf(draft);
  if (!group) return [fieldRequired('spec.group')];
  if (!names?.plural || !names.kind) return [fieldRequired('spec.names')];
  const errors: FieldError[] = [];
  const wanted = `${names.plural}.${group}`;
  if (draft.metadata.name !== wanted) {
    errors.push(fieldInvalid('metadata.name', draft.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  }
  if (!scope) errors.push(fieldRequired('spec.scope'));
  if ((versions ?? []).filter((v) => v.storage).length !== 1) {
    errors.push(fieldInvalid('spec.versions', versions, 'must have exactly one version marked as storage version'));
  }
  for (const [i, version] of (versions ?? []).entries()) {
    const path = `spec.versions[${i}].schema.openAPIV3Schema`;
    const schema = version.schema?.openAPIV3Schema;
    if (!schema) errors.push(fieldRequired(path, 'schemas are required'));
    else errors.push(...ruleErrors(schema, path));
  }
  return errors;
}

export const customResourceDefinitionStrategy: Strategy = {
  ...specAndStatusStrategy,
  setDefaults(draft) {
    const spec = specOf(draft);
    const { names } = spec;
    if (!names?.kind) return;
    names.singular ??= names.kind.toLowerCase();
    names.listKind ??= `${names.kind}List`;
    (spec as unknown as Record<string, unknown>)['conversion'] ??= { strategy: 'None' };
  },
  prepareCreate(draft) {
    const { names, versions } = specOf(draft);
    draft['status'] = {
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: names,
      storedVersions: (versions ?? []).filter((v) => v.storage).map((v) => v.name),
    };
  },
  validate,
};
