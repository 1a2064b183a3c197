/**
 * k8s/crd.yaml from the zod schemas of src/rollback/, so that the API server checks what the code believes. Run `npm run generate` after
 * a change there; test/contracts/crd.test.ts fails while the file is behind.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { z } from 'zod';
import { GROUP, PLURAL, VERSION } from '#rollback/rollback.ts';
import { MAX_INPUTS, RollbackSpec } from '#rollback/spec.ts';
import { RollbackStatus, STATUS_SCHEMA } from '#rollback/status.ts';

interface Schema {
  [key: string]: unknown;
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  oneOf?: Schema[];
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
}

/** A structural schema has no unions: the members of one are laid over each other, what all require stays required. */
function merged(members: Schema[]): Schema {
  const properties: Record<string, Schema> = {};
  for (const member of members) {
    for (const [name, schema] of Object.entries(member.properties ?? {})) {
      const seen = properties[name];
      const values = [
        ...new Set([
          ...(seen?.enum ?? []),
          ...(schema.enum ?? []),
          ...(schema.const === undefined ? [] : [schema.const]),
        ]),
      ];
      properties[name] = values.length > 0 ? { type: 'string', enum: values } : schema;
    }
  }
  const required = Object.keys(properties).filter((name) => members.every((m) => m.required?.includes(name)));
  return { type: 'object', properties, required };
}

const KEPT = ['type', 'enum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'format', 'default', 'pattern'];

/** JSON Schema as zod writes it → what an API server takes; `bounded` puts limits on strings, which CEL's cost estimate needs. */
function structural(schema: Schema, bounded: boolean): Schema {
  const union = schema.oneOf ?? schema.anyOf;
  if (union) return structural(merged(union), bounded);
  if (schema.type === undefined && schema.const === undefined && schema.enum === undefined) {
    return { 'x-kubernetes-preserve-unknown-fields': true };
  }
  if (schema.const !== undefined) return { type: 'string', enum: [schema.const] };
  const out: Schema = Object.fromEntries(KEPT.filter((key) => key in schema).map((key) => [key, schema[key]]));
  if (schema.type === 'string' && schema['format'] === 'date-time') delete out['pattern'];
  if (bounded && schema.type === 'string' && !schema.enum) out['maxLength'] ??= 253;
  if (schema.properties) {
    out.properties = Object.fromEntries(Object.entries(schema.properties).map(([k, v]) => [k, structural(v, bounded)]));
    const required = (schema.required ?? []).filter((name) => !('default' in (schema.properties?.[name] ?? {})));
    if (required.length > 0) out.required = required;
  } else if (typeof schema.additionalProperties === 'object') {
    out.additionalProperties = structural(schema.additionalProperties, bounded);
  }
  if (schema.items) out.items = structural(schema.items, bounded);
  if (bounded && schema.type === 'array') out['maxItems'] ??= 20;
  return out;
}

const IMMUTABLE = ['environment', 'method', 'targets', 'reason', 'requestedBy', 'parent', 'dryRun', 'drill'];

function specSchema(): Schema {
  const spec = structural(z.toJSONSchema(RollbackSpec, { io: 'input' }) as Schema, true);
  spec.properties!['inputs']!['maxProperties'] = MAX_INPUTS;
  spec['x-kubernetes-validations'] = [
    ...IMMUTABLE.map((field) => ({
      rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
      message: `${field} cannot be changed: create a new Rollback`,
    })),
    {
      // On spec, not on the field: a rule on the field is skipped when the field is set to null (design §2).
      rule: '!has(oldSelf.inputs) || (has(self.inputs) && oldSelf.inputs.all(k, k in self.inputs && self.inputs[k] == oldSelf.inputs[k]))',
      message: 'inputs only grow: what was added cannot be changed or removed',
    },
  ];
  return spec;
}

const column = (name: string, type: string, jsonPath: string, priority = 0): object => ({
  name,
  type,
  jsonPath,
  ...(priority ? { priority } : {}),
});

/** The CustomResourceDefinition as an object. */
export function customResourceDefinition(): object {
  const status = structural(z.toJSONSchema(RollbackStatus, { io: 'input' }) as Schema, false);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${PLURAL}.${GROUP}`,
      annotations: { [`${GROUP}/status-schema`]: String(STATUS_SCHEMA) },
    },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { kind: 'Rollback', listKind: 'RollbackList', plural: PLURAL, singular: 'rollback', shortNames: ['rb'] },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: [
            column('Environment', 'string', '.spec.environment'),
            column('Phase', 'string', '.status.phase'),
            column('Status', 'string', '.status.message'),
            column('By', 'string', '.spec.requestedBy.name'),
            column('Reason', 'string', '.spec.reason.text', 1),
            column('Age', 'date', '.metadata.creationTimestamp'),
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec'],
              properties: { spec: specSchema(), status },
            },
          },
        },
      ],
    },
  };
}

const HEADER = '# Generated by `npm run generate` from src/rollback/. Do not edit by hand.\n';

/** The text of k8s/crd.yaml. */
export function crdText(): string {
  return HEADER + stringify(customResourceDefinition(), { lineWidth: 0, aliasDuplicateObjects: false });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../k8s/crd.yaml', import.meta.url), crdText());
}
