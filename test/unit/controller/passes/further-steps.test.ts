import { describe, expect, it } from '@jest/globals';
import { afterFurther, intents } from '#controller/passes/further-steps.ts';
import { needsPerson } from '#controller/passes/needs-person.ts';
import type { StepRecord } from '#rollback/status.ts';
import { aRollback, aStatus, aTarget, at } from '#test/harness/builders.ts';

const now = at('03:05');
const wanted = {
  service: 'auth-db',
  id: 'auth-db-1-0a1b2c3d',
  byHand: 'auth-db-1 is stuck. Delete it: kubectl delete pod auth-db-1 -n lomash-wood',
  bot: { step: { pod: 'auth-db-1' }, effect: 'pod.delete', told: 'auth-db-1 was stuck: deleted.' },
};
const { bot: _bot, ...forPerson } = wanted;
const patch: StepRecord = { id: 'auth-db', service: 'auth-db', attempt: 1, intentAt: now, step: {}, receipt: {} };
const record: StepRecord = {
  id: 'auth-db.auth-db-1-0a1b2c3d',
  service: 'auth-db',
  attempt: 1,
  intentAt: now,
  step: { pod: 'auth-db-1' },
  told: 'auth-db-1 was stuck: deleted.',
};
const patched = aTarget('auth-db', { state: 'Patched' });
const status = aStatus({ targets: [patched], steps: [patch, record] });

describe('an intent', () => {
  it('is written once for each further step, with what the thread will say', () => {
    expect(intents(aStatus({ steps: [patch] }), [wanted], now)).toEqual([record]);
    expect(intents(status, [wanted], now)).toEqual([]);
  });

  it('is not written for what only a person may do', () => {
    expect(intents(aStatus({ steps: [patch] }), [forPerson], now)).toEqual([]);
  });
});

describe('a further step', () => {
  it('that was made is recorded and told', () => {
    const after = afterFurther(status, [wanted], [{ record, receipt: { deletedPod: 'auth-db-1' } }], now);
    expect(after.steps).toEqual([patch, { ...record, receipt: { deletedPod: 'auth-db-1' } }]);
    expect(after.timeline).toEqual([{ at: now, text: 'auth-db-1 was stuck: deleted.' }]);
    expect(after.targets).toEqual([patched]);
  });

  it('that was not made changes nothing', () => {
    expect(afterFurther(status, [wanted], [{ record }], now)).toEqual(status);
  });

  it('that the bot may not make calls a person, with the command, until it is not needed any more', () => {
    const refused = afterFurther(status, [wanted], [{ record, refused: 'The bot may not delete pods here.' }], now);
    const need = needsPerson(aRollback({ status: refused }), refused, Date.parse(now));
    expect(need).toEqual({ reason: 'HeldUp', message: `auth-db: The bot may not delete pods here. ${wanted.byHand}` });
    // A second look at the same writes nothing.
    expect(afterFurther(refused, [wanted], [{ record, refused: 'The bot may not delete pods here.' }], now)).toEqual(
      refused,
    );
    const after = afterFurther(refused, [], [{ record }], now);
    expect(needsPerson(aRollback({ status: after }), after, Date.parse(now))).toBeUndefined();
  });

  it('that only a person may make calls one at once', () => {
    const after = afterFurther(status, [forPerson], [], now);
    expect(after.targets[0]?.heldUpBy).toBe(wanted.byHand);
  });
});
