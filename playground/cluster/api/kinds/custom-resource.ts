/** Objects of a CustomResourceDefinition: pruning, defaults and validation come from its schema. */
import type { CustomVersion, ResourceDefinition } from '../registry.ts';
import { schemaErrors, setDefaults, thaw, type StructuralSchema } from '../schemas/structural.ts';
import { validationErrors } from '../schemas/cel.ts';
import { fieldInvalid, type FieldError, type FieldReason } from '../status.ts';
import type { StoredObject } from '../../storage-contract.ts';
import { plainStrategy, type Draft, type Strategy } from './strategy.ts';

/** With one of these the rules are not evaluated, as the object has not the shape they rely on. */
const BLOCKING = new Set<FieldReason>([
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const UNCHECKED = fieldInvalid(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

export function schemaOf(version: CustomVersion): StructuralSchema | undefined {
  return version.schema?.openAPIV3Schema;
}

/** The object without what the schema does not describe. */
const content = (object: { [field: string]: unknown } | undefined): object | undefined =>
  object && { ...object, metadata: undefined, apiVersion: undefined, kind: undefined };

function withoutUndefined(object: object | undefined): object | undefined {
  return object && Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function errorsOf(schema: StructuralSchema, draft: Draft, previous: StoredObject | undefined): FieldError[] {
  const value = withoutUndefined(content(draft));
  const former = withoutUndefined(content(previous));
  const errors = schemaErrors(value, { ...schema, type: 'object' }, '', former);
  if (errors.some((e) => BLOCKING.has(e.reason))) return [...errors, UNCHECKED];
  return [...errors, ...validationErrors(value, schema, '', former)];
}

export function customResourceStrategy({ custom }: ResourceDefinition): Strategy {
  const version = custom!.version;
  const schema = schemaOf(version);
  const hasStatus = version.subresources?.status !== undefined;
  return {
    ...plainStrategy,
    requiresResourceVersion: true,
    setDefaults(draft) {
      if (!schema) return;
      thaw(draft, schema);
      setDefaults(draft, schema);
    },
    prepareCreate(draft) {
      if (hasStatus) delete draft['status'];
    },
    prepareUpdate(draft, previous, subresource) {
      if (subresource === 'status') {
        const { status } = draft;
        for (const key of Object.keys(draft)) delete draft[key];
        Object.assign(draft, previous, { metadata: { ...previous.metadata } });
        if (status === undefined) delete draft['status'];
        else draft['status'] = status;
      } else if (hasStatus) {
        if (previous['status'] === undefined) delete draft['status'];
        else draft['status'] = previous['status'];
      }
    },
    validate: (draft, previous) => (schema ? errorsOf(schema, draft, previous) : []),
  };
}
