/** An admission policy is in force only a moment after it was created, and nothing but a refusal shows it. */
import type { Api } from '../api/api.ts';
import type { ApiAnswer, ApiRequest } from '../api/message.ts';

/** Resolves once nobody but the bot can ask for a rollback in the name of Slack any more. `token`: an administrator's. */
export async function untilInForce({ handle }: Pick<Api, 'handle'>, namespace: string, token: string): Promise<void> {
  const endsAt = performance.now() + 20_000;
  const spec = {
    environment: 'staging',
    targets: [{ service: 'auth-service' }],
    reason: { kind: 'other', text: 'is the policy in force?' },
    requestedBy: { id: 'U0NOBODY', name: 'Nobody', via: 'slack' },
  };
  const metadata = { name: 'of-nobody', namespace };
  const forged = { apiVersion: 'ops.lomashwood.com/v1alpha1', kind: 'Rollback', metadata, spec };
  const request: ApiRequest = {
    method: 'POST',
    path: `/apis/ops.lomashwood.com/v1alpha1/namespaces/${namespace}/rollbacks`,
    query: new URLSearchParams({ dryRun: 'All' }),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(forged)),
  };
  for (;;) {
    const answer = handle(request) as ApiAnswer;
    if (answer.status === 403) return;
    if (performance.now() > endsAt) throw new Error(`The policy is not in force: ${answer.body.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
