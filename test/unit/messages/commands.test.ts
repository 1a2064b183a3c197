import { describe, expect, it } from '@jest/globals';
import { commands, undoCommand } from '#messages/commands.ts';
import { aPlan, aPlannedService } from '#test/harness/builders.ts';

describe("the runbook's commands", () => {
  it('have names, namespace and revision filled in', () => {
    expect(commands(aPlan())).toBe(
      [
        '# auth-service',
        'kubectl rollout history deployment/auth-service -n lomash-wood',
        'kubectl rollout undo deployment/auth-service --to-revision=3 -n lomash-wood',
        'kubectl rollout status deployment/auth-service -n lomash-wood',
        'kubectl get pods -l app=auth-service -n lomash-wood',
      ].join('\n'),
    );
  });

  it('name the context of another cluster', () => {
    const plan = aPlan();
    const elsewhere = { ...plan, environment: { ...plan.environment, context: 'staging' } };
    expect(undoCommand(elsewhere, aPlannedService())).toMatch(/-n lomash-wood --context staging$/);
  });
});
