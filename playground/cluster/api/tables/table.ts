/** `kubectl get`'s tables: the real server's recorded columns, with cells computed here; custom columns from the CRD. */
import { recorded } from '../../recorded/documents.ts';
import type { StoredObject } from '../../storage-contract.ts';
import { groupVersionOf, type ResourceDefinition } from '../registry.ts';
import { cellsOf } from './cells.ts';
import { customCells, customColumns } from './printer-columns.ts';

export interface Column {
  name: string;
  type: string;
  format: string;
  description: string;
  priority: number;
}

export interface TableOptions {
  definition: ResourceDefinition;
  /** None, Metadata or Object. */
  includeObject: string | null;
  now: number;
}

export function columnsOf(definition: ResourceDefinition): Column[] {
  const columns = recorded<Record<string, Column[]>>('columns');
  const known = columns[`${groupVersionOf(definition)}/${definition.plural}`];
  if (known) return known;
  return customColumns(definition, columns['v1/configmaps']![0]!);
}

export function tableOf(
  objects: readonly StoredObject[],
  metadata: object,
  { definition, includeObject, now }: TableOptions,
  partial: (object: StoredObject) => object,
): object {
  const columns = columnsOf(definition);
  const rows = objects.map((object) => ({
    cells: definition.custom ? customCells(object, definition, now) : cellsOf(object, columns, now),
    object: includeObject === 'None' ? null : includeObject === 'Object' ? object : partial(object),
  }));
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: columns, rows };
}
