/**
 * What differs from kind to kind when an object is written: defaults, what a client may not set, validation, grace on deletion.
 * Each function may change the object it is given and returns nothing, or reads and returns errors.
 */
import type { StoredObject } from '../../storage-contract.ts';
import type { FieldError } from '../status.ts';
import { copyJson } from '../../json.ts';

/** An object on its way in: metadata may still lack what the server sets. */
export type Draft = Pick<StoredObject, 'apiVersion' | 'kind'> & {
  metadata: Partial<StoredObject['metadata']>;
  [field: string]: unknown;
};

export interface Strategy {
  /** Fills in what the real server fills in, on create, update and patch alike. */
  setDefaults(draft: Draft): void;
  /** Drops or sets what a client may not decide on create. */
  prepareCreate(draft: Draft): void;
  /** Carries over what this request may not change. `subresource` is undefined or `status`. */
  prepareUpdate(draft: Draft, previous: StoredObject, subresource: string | undefined): void;
  validate(draft: Draft, previous: StoredObject | undefined, subresource: string | undefined): FieldError[];
  /** Changed annotations raise generation. */
  annotationsRaiseGeneration: boolean;
  /** An update without resourceVersion is refused. */
  requiresResourceVersion: boolean;
  /** PUT of a missing object creates it. */
  createsOnUpdate: boolean;
  gracePeriodSeconds(object: StoredObject, asked: number | undefined): number;
}

const nothing = (): void => {};

/** Objects without status that the server stores as they come. */
export const plainStrategy: Strategy = {
  setDefaults: nothing,
  prepareCreate: nothing,
  prepareUpdate: nothing,
  validate: () => [],
  annotationsRaiseGeneration: false,
  requiresResourceVersion: false,
  createsOnUpdate: false,
  gracePeriodSeconds: () => 0,
};

function carryStatus(draft: Draft, previous: StoredObject): void {
  if (previous['status'] === undefined) delete draft['status'];
  else draft['status'] = copyJson(previous['status']);
}

/** Objects with spec and status: a write of one leaves the other as it was. */
export const specAndStatusStrategy: Strategy = {
  ...plainStrategy,
  prepareCreate(draft) {
    draft['status'] = {};
  },
  prepareUpdate(draft, previous, subresource) {
    if (subresource === 'status') {
      draft['spec'] = copyJson(previous['spec']);
      draft.metadata.labels = copyJson(previous.metadata.labels ?? {});
      if (!previous.metadata.labels) delete draft.metadata.labels;
    } else carryStatus(draft, previous);
  },
};
