import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { crdText, customResourceDefinition as definition } from '../../scripts/generate-crd.ts';

const customResourceDefinition = definition as () => any;

describe('k8s/crd.yaml', () => {
  it('is what `npm run generate` makes of the schemas in src/rollback', () => {
    expect(readFileSync('k8s/crd.yaml', 'utf8')).toBe(crdText());
  });

  it('keeps strings and lists of spec bounded, which the cost of its CEL rules needs', () => {
    const unbounded = unboundedIn(
      customResourceDefinition().spec.versions[0].schema.openAPIV3Schema.properties.spec,
      'spec',
    );
    expect(unbounded).toEqual([]);
  });
});

/** Paths of strings without maxLength and lists without maxItems. */
function unboundedIn(schema: any, path: string): string[] {
  const free = schema.type === 'string' && !schema.maxLength && !schema.enum && schema.format !== 'date-time';
  const long = schema.type === 'array' && !schema.maxItems;
  const inner = Object.entries({
    ...schema.properties,
    ...(schema.items ? { '[]': schema.items } : {}),
    ...(schema.additionalProperties ? { '{}': schema.additionalProperties } : {}),
  });
  return [...(free || long ? [path] : []), ...inner.flatMap(([name, child]) => unboundedIn(child, `${path}.${name}`))];
}
