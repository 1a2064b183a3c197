/**
 * Did it work? An answer is pass, warn, fail or unknown, with the evidence in one plain clause. Unknown is never pass: what could not be
 * looked at says so. Whether the pods returned is for a method's `progress` to say; checks here look at what that cannot see, know no
 * phases and no Slack, and change nothing.
 */
import type { CheckResult } from '#rollback/status.ts';

export interface Outcome {
  result: CheckResult;
  evidence: string;
}
