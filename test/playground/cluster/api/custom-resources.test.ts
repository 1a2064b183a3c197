import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { JSON_PATCH, MERGE_PATCH, startApi, STRATEGIC_PATCH, TABLE, type Client } from './api-client.ts';

const WIDGETS = '/apis/sim.example.com/v1/namespaces/shop/widgets';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const specSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 5, pattern: '^[a-z]+$' },
    size: { type: 'integer', minimum: 1, maximum: 10, default: 3 },
    kindly: { type: 'string', enum: ['a', 'b'] },
    at: { type: 'string', format: 'date-time' },
    port: { 'x-kubernetes-int-or-string': true },
    note: { type: 'string', nullable: true },
    list: {
      type: 'array',
      maxItems: 2,
      items: {
        type: 'object',
        required: ['k'],
        properties: { k: { type: 'string' }, v: { type: 'integer', default: 1 } },
      },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
    },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
  'x-kubernetes-validations': [
    { rule: "self.name != 'bad'", message: 'name is bad' },
    {
      rule: '!has(oldSelf.kindly) || has(self.kindly)',
      message: 'kindly stays',
      reason: 'FieldValueForbidden',
      fieldPath: '.kindly',
    },
    { rule: 'self.size <= 9', messageExpression: "'size is ' + string(self.size)" },
  ],
};

const definition = {
  metadata: { name: 'widgets.sim.example.com' },
  spec: {
    group: 'sim.example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets', shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: specSchema,
              status: {
                type: 'object',
                properties: {
                  phase: { type: 'string' },
                  conditions: {
                    type: 'array',
                    items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

function withWidgets(): Client {
  const client = startApi();
  expect(client.post(DEFINITIONS, definition).code).toBe(201);
  return client;
}

const widget = (spec: unknown, more: object = {}): object => ({
  apiVersion: 'sim.example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w' },
  spec,
  ...more,
});

const UNCHECKED =
  '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

describe('a CustomResourceDefinition', () => {
  it('is established at once, and its resource found by discovery', () => {
    const { get } = withWidgets();
    const [names, established] = get(`${DEFINITIONS}/widgets.sim.example.com`).body.status.conditions;
    expect([names.type, established.type, established.status]).toEqual(['NamesAccepted', 'Established', 'True']);
    expect(get('/apis/sim.example.com/v1').body.resources.map((r: any) => r.name)).toEqual([
      'widgets',
      'widgets/status',
    ]);
    expect(get('/apis').body.groups.map((g: any) => g.name)).toContain('sim.example.com');
  });

  it('takes its resource with it', () => {
    const client = withWidgets();
    client.delete(`${DEFINITIONS}/widgets.sim.example.com`);
    expect(client.get(WIDGETS).code).toBe(404);
  });

  it('with a rule that does not parse is refused', () => {
    const broken = structuredClone(definition) as any;
    broken.spec.versions[0].schema.openAPIV3Schema['x-kubernetes-validations'] = [{ rule: 'self..x' }];
    expect(startApi().post(DEFINITIONS, broken).body.message).toContain('compilation failed');
  });
});

describe('a custom resource', () => {
  it('is pruned and defaulted, and starts without status', () => {
    const spec = { name: 'ok', zz: 1, list: [{ k: 'a' }], free: { a: { b: 1 } }, note: null, kindly: null };
    const { body, headers } = withWidgets().post(WIDGETS, widget(spec, { status: { phase: 'x' } }));
    expect(body.spec).toEqual({ name: 'ok', size: 3, list: [{ k: 'a', v: 1 }], free: { a: { b: 1 } }, note: null });
    expect(body.status).toBeUndefined();
    expect(headers['warning']).toEqual(['299 - "unknown field \\"spec.zz\\""']);
  });

  it.each([
    ['no spec', undefined, [`spec: Required value`, UNCHECKED]],
    [
      'a wrong type',
      { name: 5 },
      ['spec.name: Invalid value: "integer": spec.name in body must be of type string: "integer"', UNCHECKED],
    ],
    ['too long a text', { name: 'toolong' }, ['spec.name: Too long: may not be more than 5 bytes', UNCHECKED]],
    [
      'a text that does not match',
      { name: 'ABC' },
      ['spec.name: Invalid value: "ABC": spec.name in body should match \'^[a-z]+$\''],
    ],
    [
      'too large a number',
      { name: 'ok', size: 11 },
      [
        'spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10',
        'spec: Invalid value: size is 11',
      ],
    ],
    [
      'none of the allowed',
      { name: 'ok', kindly: 'z' },
      ['spec.kindly: Unsupported value: "z": supported values: "a", "b"'],
    ],
    [
      'no date',
      { name: 'ok', at: 'no' },
      ['spec.at: Invalid value: "no": spec.at in body must be of type date-time: "no"', UNCHECKED],
    ],
    [
      'neither number nor text',
      { name: 'ok', port: true },
      ['spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"', UNCHECKED],
    ],
    ['one key twice', { name: 'ok', list: [{ k: 'a' }, { k: 'a' }] }, ['spec.list[1]: Duplicate value: {"k":"a"}']],
    ['a broken rule', { name: 'bad' }, ['spec: Invalid value: name is bad']],
  ])('with %s is refused in the real words', (_what, spec, errors) => {
    const { body } = withWidgets().post(WIDGETS, widget(spec));
    expect(body.code).toBe(422);
    expect(body.details.causes.map((c: any) => `${c.field}: ${c.message}`)).toEqual(errors);
    const all = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
    expect(body.message).toBe(`Widget.sim.example.com "w" is invalid: ${all}`);
  });

  it('obeys transition rules on updates only', () => {
    const client = withWidgets();
    client.post(WIDGETS, widget({ name: 'ok', kindly: 'a' }));
    const { body } = client.patch(`${WIDGETS}/w`, { spec: { kindly: null } }, MERGE_PATCH);
    expect(body.details.causes).toEqual([
      { reason: 'FieldValueForbidden', message: 'Forbidden: kindly stays', field: 'spec.kindly' },
    ]);
  });

  it('changes status by its subresource only, which changes nothing else', () => {
    const client = withWidgets();
    client.post(WIDGETS, widget({ name: 'ok' }));
    client.patch(`${WIDGETS}/w`, { status: { phase: 'no' } }, MERGE_PATCH);
    const more = { spec: { name: 'other' }, metadata: { labels: { q: 'r' } } };
    const { body } = client.patch(`${WIDGETS}/w/status`, { status: { phase: 'Yes', zz: 1 }, ...more }, MERGE_PATCH);
    expect(body).toMatchObject({ spec: { name: 'ok' }, metadata: { generation: 1 } });
    expect(body.status).toEqual({ phase: 'Yes' });
    expect(body.metadata.labels).toBeUndefined();
    const guard = [{ op: 'test', path: '/status/phase', value: 'no' }];
    expect(client.patch(`${WIDGETS}/w/status`, guard, JSON_PATCH).code).toBe(422);
  });

  it('knows no strategic merge, and no update without a version', () => {
    const client = withWidgets();
    client.post(WIDGETS, widget({ name: 'ok' }));
    expect(client.patch(`${WIDGETS}/w`, {}, STRATEGIC_PATCH).code).toBe(415);
    expect(client.put(`${WIDGETS}/w`, widget({ name: 'ok' })).body.message).toBe(
      'widgets.sim.example.com "w" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
  });

  it('shows its printer columns', () => {
    const client = withWidgets();
    client.post(WIDGETS, widget({ name: 'ok' }));
    client.patch(`${WIDGETS}/w/status`, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }, MERGE_PATCH);
    const { body } = client.get(WIDGETS, { accept: TABLE });
    expect(body.columnDefinitions.map((c: any) => c.name)).toEqual(['Name', 'Size', 'Ready']);
    expect(body.rows[0].cells).toEqual(['w', 3, 'True']);
  });
});

describe("the bot's own definition", () => {
  const ROLLBACKS = '/apis/ops.lomashwood.com/v1alpha1/namespaces/shop/rollbacks';
  const rollback = {
    apiVersion: 'ops.lomashwood.com/v1alpha1',
    kind: 'Rollback',
    metadata: { name: 'r' },
    spec: {
      environment: 'production',
      targets: [{ service: 'auth-service' }],
      reason: { kind: 'other' },
      requestedBy: { id: 'U0ONCALL', name: 'Maya', via: 'slack' },
    },
  };
  const note = (text: string): object => ({
    kind: 'note',
    by: { id: 'U0ONCALL', name: 'Maya' },
    at: '2026-01-01T00:00:00Z',
    text,
  });

  it('lets inputs grow and nothing else change', () => {
    const client = startApi();
    client.post(DEFINITIONS, parse(readFileSync('k8s/crd.yaml', 'utf8')));
    expect(client.post(ROLLBACKS, rollback).body.spec.method).toBe('undo');
    const patch = (spec: object): any => client.patch(`${ROLLBACKS}/r`, { spec }, MERGE_PATCH).body;
    expect(patch({ inputs: { k1: note('a') } }).metadata.generation).toBe(2);
    expect(patch({ inputs: { k1: note('a') } }).metadata.generation).toBe(2);
    expect(patch({ inputs: { k2: note('b') } }).metadata.generation).toBe(3);
    expect(patch({ inputs: { k1: note('other') } }).message).toContain('inputs only grow');
    expect(patch({ inputs: null }).message).toContain('inputs only grow');
    expect(patch({ environment: 'staging' }).message).toBe(
      'Rollback.ops.lomashwood.com "r" is invalid: spec: Invalid value: environment cannot be changed: create a new Rollback',
    );
  });
});
