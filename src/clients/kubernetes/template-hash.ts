/** Hash of a pod template: what two versions are compared by. */
import { hash } from 'node:crypto';

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

/** JSON with sorted keys, so that equal objects give equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value));

interface Template {
  metadata?: { labels?: Record<string, string> | undefined } | undefined;
}

/**
 * SHA-256 (first 16 hex digits) of the template as the API server returned it, without the label `pod-template-hash`, which the
 * Deployment controller adds to a ReplicaSet's copy (kubectl ignores it likewise).
 */
export function templateHash(template: Template): string {
  const { 'pod-template-hash': _added, ...labels } = template.metadata?.labels ?? {};
  const bare = { ...template, metadata: { ...template.metadata, labels } };
  return hash('sha256', canonicalJson(bare)).slice(0, 16);
}
