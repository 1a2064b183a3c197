/** Hash of a pod template: what two versions are compared by. */
import { createHash } from 'node:crypto';

/** JSON with sorted keys, so that equal objects give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

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
  return createHash('sha256').update(canonicalJson(bare)).digest('hex').slice(0, 16);
}
