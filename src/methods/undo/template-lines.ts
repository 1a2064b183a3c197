/**
 * A pod template as `path → text`, one entry per leaf, for comparing and showing. Values that may be secrets never come out: they are a
 * hash in `same`, which only tells equal from different, and dots in `shown`. Pure.
 */
import { createHash } from 'node:crypto';
import type { RawTemplate } from '#clients/kubernetes/rows/template-parts.ts';

export interface Leaf {
  /** Equal texts mean equal values. */
  same: string;
  /** Safe to show. */
  shown: string;
}

const MASK = '•••';
/** What names an element of a list, in the order it is looked for. */
const KEYS = ['name', 'mountPath', 'containerPort', 'key', 'secretRef', 'configMapRef'];
/**
 * Below these, text may hold a secret: env values, command lines, headers and bodies of probes, annotations. Names, numbers and switches are
 * shown all the same.
 */
const SECRET_PLACES = [
  /\.env\[[^\]]*\]\.value$/,
  /\.(command|args)\[\d+\]$/,
  /\.httpHeaders\[[^\]]*\]\.value$/,
  /^annotations\./,
];

/** Leaves by path, such as `containers[auth].env[LOG_LEVEL].value`; the words `spec` and `metadata` left out. */
export function templateLeaves(template: RawTemplate): Map<string, Leaf> {
  const { 'pod-template-hash': _added, ...labels } = template.metadata?.labels ?? {};
  const annotations = template.metadata?.annotations ?? {};
  const leaves = new Map<string, Leaf>();
  for (const [key, value] of Object.entries({ labels, annotations })) walk(key, value, leaves);
  for (const [key, value] of Object.entries(template.spec ?? {})) walk(key, value, leaves);
  return leaves;
}

function walk(path: string, value: unknown, leaves: Map<string, Leaf>): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) walk(`${path}[${elementName(element, index)}]`, element, leaves);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) walk(`${path}.${key}`, inner, leaves);
  } else if (value !== undefined) {
    leaves.set(path, leafOf(path, value));
  }
}

function elementName(element: unknown, index: number): string | number {
  if (typeof element !== 'object' || element === null) return index;
  const fields = element as Record<string, unknown>;
  for (const key of KEYS) {
    const value = fields[key];
    if (typeof value === 'string' || typeof value === 'number') return value;
    if (typeof value === 'object' && value !== null && 'name' in value) return String(value.name);
  }
  return index;
}

function leafOf(path: string, value: unknown): Leaf {
  const text = String(value);
  if (typeof value === 'string' && SECRET_PLACES.some((place) => place.test(path))) {
    return { same: createHash('sha256').update(text).digest('hex'), shown: MASK };
  }
  return { same: text, shown: text };
}
