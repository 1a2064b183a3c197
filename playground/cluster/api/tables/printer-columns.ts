/** additionalPrinterColumns of a CustomResourceDefinition: simple JSON paths into the object. */
import type { StoredObject } from '../../storage-contract.ts';
import type { CustomVersion, ResourceDefinition } from '../registry.ts';
import type { Column } from './table.ts';
import { age } from './duration.ts';

type PrinterColumn = NonNullable<CustomVersion['additionalPrinterColumns']>[number];

const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

const AGE_DESCRIPTION =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

function columnsFor(definition: ResourceDefinition): PrinterColumn[] {
  return definition.custom?.version.additionalPrinterColumns ?? [AGE];
}

export function customColumns(definition: ResourceDefinition, name: Column): Column[] {
  const columns = columnsFor(definition).map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? '',
    description:
      column.description ??
      (column === AGE ? AGE_DESCRIPTION : `Custom resource definition column (in JSONPath format): ${column.jsonPath}`),
    priority: column.priority ?? 0,
  }));
  return [name, ...columns];
}

/** `.a.b`, `['c.d']`, `[0]`, `[*]` and `[?(@.type=="Ready")]`. */
const STEP = /\.([A-Za-z_][\w-]*(?:\\\.[\w-]+)*)|\['([^']+)'\]|\[(\d+|\*)\]|\[\?\(@\.([\w.]+)==["']([^"']*)["']\)\]/y;

/** The first value that a JSON path finds. */
export function jsonPath(object: unknown, path: string): unknown {
  let found: unknown[] = [object];
  // Its own position: a filter looks into items by a path of its own.
  const steps = new RegExp(STEP);
  while (steps.lastIndex < path.length) {
    const step = steps.exec(path);
    if (!step) return undefined;
    const [, member, quoted, index, filter, wanted] = step;
    found = found.flatMap((value): unknown[] => {
      if (typeof value !== 'object' || value === null) return [];
      if (index === '*') return Array.isArray(value) ? value : [];
      if (index !== undefined) return Array.isArray(value) ? [value[Number(index)]] : [];
      if (filter !== undefined) {
        return Array.isArray(value) ? value.filter((item) => String(jsonPath(item, `.${filter}`)) === wanted) : [];
      }
      return [(value as Record<string, unknown>)[quoted ?? member!.replaceAll('\\.', '.')]];
    });
    found = found.filter((value) => value !== undefined);
  }
  return found[0];
}

function cell(object: StoredObject, column: PrinterColumn, now: number): unknown {
  const value = jsonPath(object, column.jsonPath);
  if (value === undefined || value === null) return null;
  switch (column.type) {
    case 'string':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return '<invalid>';
      return age(value, now);
    default:
      return null;
  }
}

export function customCells(object: StoredObject, definition: ResourceDefinition, now: number): unknown[] {
  return [object.metadata.name, ...columnsFor(definition).map((column) => cell(object, column, now))];
}
