/** Plain JSON, copied and compared as the wire would: a member that is undefined is not there. Many times faster than a round trip. */

/** Nobody shares the copy. */
export function copyJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => (item === undefined ? null : copyJson(item))) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copied: Record<string, unknown> = {};
  for (const key in value) {
    const member: unknown = value[key];
    if (member !== undefined) copied[key] = typeof member === 'object' ? copyJson(member) : member;
  }
  return copied as T;
}

/** A frozen copy; what is frozen already is taken to be so all through, and is shared. */
export function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) {
    return Object.freeze(value.map((item: unknown) => (item === undefined ? null : frozenCopy(item)))) as T;
  }
  const copied: Record<string, unknown> = {};
  for (const key in value) {
    const member: unknown = value[key];
    if (member !== undefined) copied[key] = typeof member === 'object' ? frozenCopy(member) : member;
  }
  return Object.freeze(copied) as T;
}

function membersOf(value: object): number {
  let count = 0;
  for (const key in value) if ((value as Record<string, unknown>)[key] !== undefined) count += 1;
  return count;
}

/** The order of an object's members does not matter. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isSameJson(item, b[index]));
  }
  for (const key in a) {
    const member = (a as Record<string, unknown>)[key];
    if (member !== undefined && !isSameJson(member, (b as Record<string, unknown>)[key])) return false;
  }
  return membersOf(a) === membersOf(b);
}
