/**
 * Structural schemas of custom resources: pruning of unknown fields, defaults, and validation with the real server's messages.
 * x-kubernetes-validations are in cel.ts.
 */
import { shown, type FieldError, type FieldReason } from '../status.ts';
import { copyJson, isSameJson } from '../../json.ts';

export interface StructuralSchema {
  type?: string;
  format?: string;
  nullable?: boolean;
  properties?: Record<string, StructuralSchema>;
  additionalProperties?: StructuralSchema | boolean;
  items?: StructuralSchema;
  required?: string[];
  enum?: unknown[];
  default?: unknown;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  uniqueItems?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-validations'?: ValidationRule[];
}

export interface ValidationRule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: FieldReason;
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

type Item = Record<string, unknown>;

export const isObject = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema of one member of an object. */
export function memberSchema(schema: StructuralSchema, name: string): StructuralSchema | undefined {
  const found = schema.properties?.[name] ?? schema.additionalProperties;
  return typeof found === 'object' ? found : undefined;
}

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Stored values, and the schema that they were pruned and filled in by: they need not be looked at again. */
const shaped = new WeakMap<object, StructuralSchema>();

const isShaped = (value: object, schema: StructuralSchema): boolean => shaped.get(value) === schema;

/** Marks what was pruned, filled in and stored by this schema. */
export function markShaped(value: unknown, schema: StructuralSchema): void {
  if (typeof value !== 'object' || value === null || isShaped(value, schema)) return;
  shaped.set(value, schema);
  if (Array.isArray(value)) {
    for (const item of value) if (schema.items) markShaped(item, schema.items);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    const known = memberSchema(schema, name);
    if (known) markShaped(member, known);
  }
}

/** What may be written to: frozen parts that another schema shaped, or none, are copied, in place of their container. */
export function thaw(value: unknown, schema: StructuralSchema): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member !== 'object' || member === null) continue;
    const known = Array.isArray(value) ? schema.items : memberSchema(schema, name);
    if (!Object.isFrozen(member)) {
      if (known) thaw(member, known);
    } else if (known && !isShaped(member as object, known)) {
      (value as Record<string, unknown>)[name] = copyJson(member as object);
    }
  }
}

/** Removes what the schema does not know, in place; returns the paths of what was removed. */
export function prune(value: unknown, schema: StructuralSchema, path = '', isRoot = true): string[] {
  if (typeof value === 'object' && value !== null && isShaped(value, schema)) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => (schema.items ? prune(item, schema.items, `${path}[${i}]`, false) : []));
  }
  if (!isObject(value)) return [];
  const removed: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (isRoot && ['apiVersion', 'kind', 'metadata'].includes(name)) continue;
    const known = memberSchema(schema, name);
    if (known) removed.push(...prune(member, known, joined(path, name), false));
    else if (!schema['x-kubernetes-preserve-unknown-fields'] && schema.additionalProperties !== true) {
      delete value[name];
      removed.push(joined(path, name));
    }
  }
  return removed;
}

/** Drops nulls that are not nullable, then fills in defaults; in place. */
export function setDefaults(value: unknown, schema: StructuralSchema): void {
  if (typeof value === 'object' && value !== null && isShaped(value, schema)) return;
  if (Array.isArray(value)) {
    for (const item of value) if (schema.items) setDefaults(item, schema.items);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    const known = memberSchema(schema, name);
    if (member === null && known && !known.nullable) delete value[name];
  }
  for (const [name, known] of Object.entries(schema.properties ?? {})) {
    if (value[name] === undefined && known.default !== undefined) value[name] = copyJson(known.default);
  }
  for (const [name, member] of Object.entries(value)) {
    const known = memberSchema(schema, name);
    if (known) setDefaults(member, known);
  }
}

const FORMATS: Record<string, (text: string) => boolean> = {
  'date-time': (text) =>
    /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/.test(text) &&
    !Number.isNaN(Date.parse(text)),
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)),
  uuid: (text) => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text),
  uri: (text) => URL.canParse(text),
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text),
};

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function hasType(value: unknown, wanted: string): boolean {
  const actual = typeName(value);
  return actual === wanted || (wanted === 'number' && actual === 'integer');
}

type Report = (reason: FieldReason, text: string) => void;

function checkString(text: string, schema: StructuralSchema, path: string, report: Report): void {
  const { minLength, maxLength, pattern, format } = schema;
  const { length } = Array.from(text);
  const wrong = (why: string): void =>
    report('FieldValueInvalid', `Invalid value: ${shown(text)}: ${path} in body ${why}`);
  // The first of the three that fails is the only one reported.
  if (maxLength !== undefined && length > maxLength) {
    report('FieldValueTooLong', `Too long: may not be more than ${maxLength} bytes`);
  } else if (minLength !== undefined && length < minLength) wrong(`should be at least ${minLength} chars long`);
  else if (pattern !== undefined && !new RegExp(pattern, 'u').test(text)) wrong(`should match '${pattern}'`);
  if (format !== undefined && FORMATS[format]?.(text) === false) {
    const why = `${path} in body must be of type ${format}: ${shown(text)}`;
    report('FieldValueTypeInvalid', `Invalid value: ${shown(text)}: ${why}`);
  }
}

function checkNumber(value: number, schema: StructuralSchema, path: string, report: Report): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const wrong = (why: string): void => report('FieldValueInvalid', `Invalid value: ${value}: ${path} in body ${why}`);
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    wrong(`should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    wrong(`should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  }
}

function checkCount(
  count: number,
  { min, max, what }: { min: number | undefined; max: number | undefined; what: string },
  path: string,
  report: Report,
): void {
  if (max !== undefined && count > max) {
    report('FieldValueTooMany', `Too many: ${count}: must have at most ${max} item${max === 1 ? '' : 's'}`);
  }
  if (min !== undefined && count < min) {
    report('FieldValueInvalid', `Invalid value: ${count}: ${path} in body should have at least ${min} ${what}`);
  }
}

/** Duplicates in lists that are sets or maps. */
function checkUnique(list: unknown[], schema: StructuralSchema, path: string, errors: FieldError[]): void {
  const keys = schema['x-kubernetes-list-map-keys'];
  const kind = schema['x-kubernetes-list-type'];
  if (kind !== 'map' && kind !== 'set') return;
  const identity = (item: unknown): unknown =>
    kind === 'map' && isObject(item) ? Object.fromEntries((keys ?? []).map((key) => [key, item[key]])) : item;
  const seen: unknown[] = [];
  for (const [i, item] of list.entries()) {
    const id = identity(item);
    if (seen.some((other) => isSameJson(other, id))) {
      errors.push({ field: `${path}[${i}]`, reason: 'FieldValueDuplicate', text: `Duplicate value: ${shown(id)}` });
    }
    seen.push(id);
  }
}

/**
 * What is wrong with a value. A part that equals its former self is not looked at again, so that a schema made stricter does not block
 * writes elsewhere in old objects.
 */
export function schemaErrors(value: unknown, schema: StructuralSchema, path: string, former?: unknown): FieldError[] {
  if (former !== undefined && isSameJson(value, former)) return [];
  if (value === null && schema.nullable) return [];
  const errors: FieldError[] = [];
  const report: Report = (reason, text) => errors.push({ field: path, reason, text });
  const wanted = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : [];
  if (wanted.length > 0 && !wanted.some((type) => hasType(value, type))) {
    const actual = shown(typeName(value));
    report(
      'FieldValueTypeInvalid',
      `Invalid value: ${actual}: ${path} in body must be of type ${wanted.join(',')}: ${actual}`,
    );
    return errors;
  }
  if (schema.enum && !schema.enum.some((allowed) => isSameJson(allowed, value))) {
    const supported = schema.enum.map(shown).join(', ');
    report('FieldValueNotSupported', `Unsupported value: ${shown(value)}: supported values: ${supported}`);
  }
  if (typeof value === 'string') checkString(value, schema, path, report);
  else if (typeof value === 'number') checkNumber(value, schema, path, report);
  else if (Array.isArray(value)) {
    checkCount(value.length, { min: schema.minItems, max: schema.maxItems, what: 'items' }, path, report);
    const formerItems = Array.isArray(former) ? former : [];
    for (const [i, item] of value.entries()) {
      if (schema.items) errors.push(...schemaErrors(item, schema.items, `${path}[${i}]`, formerItems[i]));
    }
    checkUnique(value, schema, path, errors);
  } else if (isObject(value)) errors.push(...objectErrors(value, schema, path, former));
  return errors;
}

function objectErrors(value: Item, schema: StructuralSchema, path: string, former: unknown): FieldError[] {
  const errors: FieldError[] = [];
  const report: Report = (reason, text) => errors.push({ field: path, reason, text });
  const { minProperties: min, maxProperties: max } = schema;
  checkCount(Object.keys(value).length, { min, max, what: 'properties' }, path, report);
  for (const name of schema.required ?? []) {
    if (value[name] === undefined) {
      errors.push({ field: joined(path, name), reason: 'FieldValueRequired', text: 'Required value' });
    }
  }
  for (const [name, member] of Object.entries(value)) {
    const known = memberSchema(schema, name);
    const before = isObject(former) ? former[name] : undefined;
    if (known) errors.push(...schemaErrors(member, known, joined(path, name), before));
  }
  return errors;
}
