import { describe, expect, it } from '@jest/globals';
import { aCondition, aPlan, aPlannedService, aRollback, aStatus, at } from '#test/harness/builders.ts';
import { buttonsOf, linesOf, slotKeys } from '#test/harness/message-text.ts';

const { to: _to, from: _from, ...unplanned } = aPlannedService();
const plan = aPlan({ services: [unplanned] });
const stalled = aCondition('Stalled', 'CannotPlan', 'The API server of production does not answer.', {
  lastTransitionTime: at('03:04'),
});
const waiting = { phase: 'Pending' as const, plan, targets: [], conditions: [stalled] };
const asked = (more: object, spec = {}) => {
  const { startedAt: _never, etaAt: _nor, ...status } = aStatus({ ...waiting, ...more });
  return aRollback({ status, spec });
};

describe('a rollback that cannot be planned yet', () => {
  it('tells who asked, for what, why nothing happens, until when it may begin, and the way by hand', () => {
    expect(linesOf(asked({}), 'root')).toEqual([
      '*ROLLBACK NOT BEGUN YET* — production',
      'Service(s): auth-service',
      'Reason: Health check failing since 02:51 UTC',
      'Asked for by: Maya Chen',
      'Now: nothing was touched. The API server of production does not answer. Since 03:04 UTC. <@U0ONCALL>',
      'It begins by itself when that is over, until 03:33 UTC; after that it is refused. Rolled back by hand? Then cancel it.',
      'By hand:',
      '```',
      'kubectl rollout undo deployment/auth-service -n lomash-wood',
      '```',
    ]);
    expect(buttonsOf(asked({}), 'root')).toEqual(['Cancel', 'Show commands']);
  });

  it.each([
    ['41', '--to-revision=41 '],
    ['v1.4.1', '--to-revision=NUMBER-OF-v1.4.1 '],
    ['1; rm -rf ~', '--to-revision=NUMBER '],
  ])('leads by hand to the version asked for: %s', (to, words) => {
    const lines = linesOf(asked({}, { targets: [{ service: 'auth-service', to }] }), 'root');
    expect(lines.at(-2)).toContain(words);
  });

  it('says nothing before the delay is worth a word', () => {
    expect(slotKeys(asked({ conditions: [] }))).toEqual([]);
  });

  it('is refused in a post of its own, for an edit would call nobody', () => {
    const conditions = [{ ...stalled, status: 'False' as const }];
    const over = { phase: 'Refused', conditions, message: 'It was asked for 31 minutes ago.' };
    expect(slotKeys(asked(over))).toEqual(['root', 'outcome']);
    expect(linesOf(asked(over), 'root')).toEqual([
      '*ROLLBACK NOT BEGUN* — production: auth-service. Nothing was touched, see ROLLBACK REFUSED.',
    ]);
    expect(linesOf(asked(over), 'outcome')[0]).toMatch(/^\*ROLLBACK REFUSED\*.*31 minutes ago.*<@U0ONCALL>$/);
    expect(slotKeys(asked({ ...over, conditions: [] }))).toEqual(['root']);
  });
});
