/**
 * x-kubernetes-validations: CEL rules on any part of a custom resource, with `self` and, on updates, `oldSelf`. Dates stay strings here
 * (the real server makes them timestamps): rules that call timestamp functions on a field are out of scope.
 */
import { Environment } from '@marcbachmann/cel-js';
import type { FieldError } from '../status.ts';
import { isObject, memberSchema, type StructuralSchema, type ValidationRule } from './structural.ts';

type Program = (context: Record<string, unknown>) => unknown;

const environment = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });
const programs = new Map<string, Program>();

/** Throws when the rule does not parse. */
export function compileRule(rule: string): Program {
  let program = programs.get(rule);
  if (!program) programs.set(rule, (program = environment.parse(rule) as Program));
  return program;
}

const optionalOf = environment.parse('optional.of(value)') as Program;
const optionalNone = environment.parse('optional.none()') as Program;

const usesOldSelf = (rule: string): boolean => /\boldSelf\b/.test(rule);

/** Integers become CEL ints, as the schema says; without one, those that are whole. */
export function celValue(value: unknown, schema: StructuralSchema | undefined): unknown {
  if (typeof value === 'number') {
    const isInteger = schema?.type === 'integer' || (schema?.type !== 'number' && Number.isInteger(value));
    return isInteger ? BigInt(Math.trunc(value)) : value;
  }
  // Arrays and objects are made anew here: the library tells types by their constructor, and a test runner's realm has its own.
  if (Array.isArray(value)) return Array.from(value, (item) => celValue(item, schema?.items));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, celValue(member, schema && memberSchema(schema, name))]),
  );
}

function message(rule: ValidationRule, context: Record<string, unknown>): string {
  if (rule.messageExpression !== undefined) {
    try {
      const text = compileRule(rule.messageExpression)(context);
      if (typeof text === 'string' && text.trim() !== '') return text;
    } catch {
      // The server falls back to the plain message as well.
    }
  }
  return rule.message ?? `failed rule: ${rule.rule}`;
}

function failure(rule: ValidationRule, field: string, context: Record<string, unknown>): FieldError {
  const text = message(rule, context);
  const reason = rule.reason ?? 'FieldValueInvalid';
  const prefix =
    reason === 'FieldValueForbidden'
      ? 'Forbidden'
      : reason === 'FieldValueRequired'
        ? 'Required value'
        : 'Invalid value';
  return { field: field + (rule.fieldPath ?? ''), reason, text: `${prefix}: ${text}` };
}

function ruleErrors(
  rules: ValidationRule[],
  path: string,
  context: Record<string, unknown>,
  hasFormer: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const rule of rules) {
    if (usesOldSelf(rule.rule) && !hasFormer && !rule.optionalOldSelf) continue;
    const oldSelf = hasFormer ? optionalOf({ value: context['oldSelf'] }) : optionalNone({});
    const seen = rule.optionalOldSelf ? { ...context, oldSelf } : context;
    try {
      if (compileRule(rule.rule)(seen) !== true) errors.push(failure(rule, path, seen));
    } catch (error) {
      const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      const why = first.replace('No such key', 'no such key');
      const text = `Invalid value: "object": ${why} evaluating rule: ${rule.message ?? rule.rule}`;
      errors.push({ field: path, reason: 'FieldValueInvalid', text });
    }
  }
  return errors;
}

/** The former item that a list item continues: by map key; other lists have no transition rules. */
function formerItem(item: unknown, former: unknown, schema: StructuralSchema): unknown {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (!Array.isArray(former) || !keys || !isObject(item)) return undefined;
  return former.find((other) => isObject(other) && keys.every((key) => other[key] === item[key])) as unknown;
}

/** Values that stayed as they are and broke no rule of the schema: the same comes out each time. */
const kept = new WeakMap<object, StructuralSchema>();

/** Errors of all rules in a value and below it. */
export function validationErrors(
  value: unknown,
  schema: StructuralSchema,
  path: string,
  former: unknown,
): FieldError[] {
  const same = typeof value === 'object' && value !== null && value === former ? value : undefined;
  if (same && kept.get(same) === schema) return [];
  const errors: FieldError[] = [];
  const rules = schema['x-kubernetes-validations'];
  if (rules && value !== null && value !== undefined) {
    const context: Record<string, unknown> = { self: celValue(value, schema) };
    if (former !== undefined) context['oldSelf'] = celValue(former, schema);
    errors.push(...ruleErrors(rules, path, context, former !== undefined));
  }
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      if (!schema.items) continue;
      errors.push(...validationErrors(item, schema.items, `${path}[${i}]`, formerItem(item, former, schema)));
    }
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      const known = memberSchema(schema, name);
      const before = isObject(former) ? former[name] : undefined;
      const at = schema.properties ? (path === '' ? name : `${path}.${name}`) : `${path}[${name}]`;
      if (known) errors.push(...validationErrors(member, known, at, before));
    }
  }
  if (same && Object.isFrozen(same) && errors.length === 0) kept.set(same, schema);
  return errors;
}
