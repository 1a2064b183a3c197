/** Keeps what was captured: one ConfigMap per service at home, owned by the Rollback, never larger than an object may be. */
import { type Api, ApiError } from '#clients/kubernetes/api.ts';
import { API_VERSION, type Rollback } from '#rollback/rollback.ts';
import type { Captured, CapturedPart } from './captured.ts';

const MAX_EVIDENCE_BYTES = 700 * 1024;
/** Room for keys, quotes and escapes around the texts. */
const OVERHEAD_PER_PART = 256;
/** The field of a ConfigMap that holds its entries. */
const ENTRIES = 'data';

const sizeOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) + OVERHEAD_PER_PART;

/** The end of a text, from a line's beginning, in at most so many bytes of JSON. */
function endOf(text: string, maxBytes: number): string {
  if (sizeOf(text) <= maxBytes) return text;
  const lines = text.split('\n');
  let bytes = OVERHEAD_PER_PART + 2;
  let from = lines.length;
  for (; from > 0; from--) {
    bytes += Buffer.byteLength(JSON.stringify(lines[from - 1])) + 2;
    if (bytes > maxBytes) break;
  }
  return lines.slice(from).join('\n');
}

/** The parts in at most `maxBytes`, the smallest kept whole and the rest cut at their beginnings; what was cut is named. Pure. */
export function fitParts(
  parts: readonly CapturedPart[],
  maxBytes = MAX_EVIDENCE_BYTES,
): { parts: CapturedPart[]; cut: string[] } {
  const sizes = parts.map((p) => sizeOf(p.text));
  let left = maxBytes;
  let share = maxBytes;
  for (const [at, size] of sizes.toSorted((a, b) => a - b).entries()) {
    share = Math.floor(left / (parts.length - at));
    left -= Math.min(size, share);
  }
  const fitted = parts.map((p) => ({ ...p, text: endOf(p.text, share) }));
  const cut = fitted.filter((p, at) => p.text !== parts[at]?.text).map((p) => `the beginning of ${p.name} (too large)`);
  return { parts: fitted, cut };
}

export function evidenceName(rollback: string, service: string): string {
  return `${rollback}-${service}-evidence`;
}

/** Repeatable: the name is fixed, and what is already there stays. Answers what did not fit. Rejects on an outage. */
export async function storeOne(
  { api, namespace }: { api: Api; namespace: string },
  rollback: Rollback,
  captured: Captured,
  signal: AbortSignal,
): Promise<{ name: string; cut: string[] }> {
  const { parts, cut } = fitParts(captured.parts);
  const { name: owner, uid } = rollback.metadata;
  const name = evidenceName(owner, captured.service);
  const missing = [...captured.missing, ...cut].map((m) => `${m}\n`).join('');
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'rollback-bot' },
      ownerReferences: [{ apiVersion: API_VERSION, kind: 'Rollback', name: owner, uid }],
    },
    immutable: true,
    [ENTRIES]: {
      ...Object.fromEntries(parts.map((p) => [p.name, p.text])),
      ...(missing === '' ? {} : { 'missing.txt': missing }),
    },
  };
  try {
    await api.create(`/api/v1/namespaces/${namespace}/configmaps`, configMap, { signal });
  } catch (error) {
    const isThere = error instanceof ApiError && error.status === 409;
    if (!isThere) throw error;
  }
  return { name, cut };
}

/** The ConfigMap of this service, if one was kept; undefined: none was. Rejects on an outage. */
export async function findOne(
  { api, namespace }: { api: Api; namespace: string },
  rollback: Rollback,
  service: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const name = evidenceName(rollback.metadata.name, service);
  try {
    await api.get(`/api/v1/namespaces/${namespace}/configmaps/${name}`, { signal });
    return name;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
