/** PodDisruptionBudgets: rolling updates do not honour them, by design. Their state is shown, for nine services at once may share one. */
import { type Check, kubectl } from '../check.ts';
import type { DisruptionBudget, ServiceFacts } from '../facts.ts';

function guards(budget: DisruptionBudget, { pods, deployment }: ServiceFacts): boolean {
  const labels = pods[0]?.labels ?? deployment?.selector ?? {};
  return Object.entries(budget.selector).every(([key, value]) => labels[key] === value);
}

export const disruptionBudget: Check = (facts) => {
  const budgets = facts.disruptionBudgets;
  if (!budgets.known) {
    return [
      {
        check: 'disruption-budget',
        grade: 'unchecked',
        text: `Disruption budget: not checked (${budgets.why}).`,
        command: kubectl(facts.where, 'get poddisruptionbudgets'),
      },
    ];
  }
  return budgets.value
    .filter((budget) => guards(budget, facts))
    .map(({ name, rule, disruptionsAllowed }) => ({
      check: 'disruption-budget',
      grade: 'note' as const,
      text: `Disruption budget ${name} wants ${rule} (${disruptionsAllowed} may go now). A rollback replaces pods by the ${facts.kind}'s own rolling-update limits and does not ask it.`,
    }));
};
