/** People who make Rollbacks with kubectl, each under their own Kubernetes name, as k8s/samples/author.yaml lets them. */
import type { Author } from '#playground/cluster/server.ts';
import type { RollbackSpec } from '#rollback/spec.ts';
import type { Journey } from './journey.ts';

/** The catalogue lets him roll back, and so does RBAC. */
export const TOM: Author = { username: 'tom.okafor@lomashwood.com', group: 'lomashwood:oncall' };

/** As a person writes it, without what the API server fills in. */
type Written = Omit<RollbackSpec, 'method'>;

/** What Tom asks for; `more` changes it. */
export const tomsSpec = (service: string, more: Partial<Written> = {}): Written => ({
  environment: 'production',
  targets: [{ service }],
  reason: { kind: 'other', text: 'logins fail' },
  requestedBy: { id: TOM.username, name: 'Tom Okafor', via: 'kubectl' },
  ...more,
});

/** `kubectl apply -f`: merged into what is there, or by an administrator `kubectl replace -f`. Throws with what the API server says. */
export function apply(
  { cluster }: Journey,
  name: string,
  spec: object,
  author: Author | 'an administrator' = TOM,
): void {
  const metadata = { name, namespace: 'rollback-bot' };
  cluster.load(
    [{ apiVersion: 'ops.lomashwood.com/v1alpha1', kind: 'Rollback', metadata, spec }],
    author === 'an administrator' ? undefined : author,
  );
}
