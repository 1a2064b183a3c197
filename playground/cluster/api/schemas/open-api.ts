/**
 * The built-in kinds' schemas, from the recorded OpenAPI v3 documents: what strategic merge patch needs to know of a field, and the
 * decoding errors and unknown fields that the real server reports for a body.
 */
import { openApiName, recorded } from '../../recorded/documents.ts';

export interface OpenApiSchema {
  type?: string;
  format?: string;
  properties?: Record<string, OpenApiSchema>;
  additionalProperties?: OpenApiSchema | boolean;
  items?: OpenApiSchema;
  allOf?: OpenApiSchema[];
  oneOf?: OpenApiSchema[];
  $ref?: string;
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

interface Document {
  components: { schemas: Record<string, OpenApiSchema> };
}

/** How strategic merge patch treats one field. */
export interface PatchSchema {
  isReplaced: boolean;
  isMergedList: boolean;
  mergeKey: string | undefined;
  items: PatchSchema | undefined;
  member(name: string): PatchSchema | undefined;
}

export interface KindSchema {
  root: OpenApiSchema;
  /** Follows `$ref` and a single `allOf`. */
  resolve: (schema: OpenApiSchema) => OpenApiSchema;
}

const cache = new Map<string, KindSchema | undefined>();

/** The schema of a built-in kind; undefined for custom resources. */
export function kindSchema(group: string, version: string, kind: string): KindSchema | undefined {
  const key = `${group}/${version}/${kind}`;
  if (!cache.has(key)) cache.set(key, loadSchema(group, version, kind));
  return cache.get(key);
}

function loadSchema(group: string, version: string, kind: string): KindSchema | undefined {
  let schemas: Record<string, OpenApiSchema>;
  try {
    schemas = recorded<Document>(openApiName(group === '' ? version : `${group}/${version}`)).components.schemas;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const root = Object.values(schemas).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some(
      (k) => k.group === group && k.version === version && k.kind === kind,
    ),
  );
  const resolve = (schema: OpenApiSchema): OpenApiSchema => {
    const only = schema.allOf?.length === 1 ? schema.allOf[0]! : schema;
    const name = only.$ref?.replace('#/components/schemas/', '');
    return name === undefined ? only : resolve(schemas[name]!);
  };
  return root && { root, resolve };
}

export function patchSchema({ root, resolve }: KindSchema): PatchSchema {
  const strategies = (schema: OpenApiSchema): string[] => (schema['x-kubernetes-patch-strategy'] ?? '').split(',');
  function view(schema: OpenApiSchema): PatchSchema {
    const resolved = resolve(schema);
    return {
      isReplaced: strategies(schema).includes('replace'),
      isMergedList: strategies(schema).includes('merge'),
      mergeKey: schema['x-kubernetes-patch-merge-key'],
      get items() {
        return resolved.items && view(resolved.items);
      },
      member(name) {
        const found = resolved.properties?.[name] ?? resolved.additionalProperties;
        return typeof found === 'object' ? view(found) : undefined;
      },
    };
  }
  return view(root);
}
