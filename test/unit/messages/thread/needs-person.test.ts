import { describe, expect, it } from '@jest/globals';
import type { Rollback } from '#rollback/rollback.ts';
import type { Condition } from '#rollback/status.ts';
import {
  aCondition,
  aFullSystem,
  aMonitored,
  anAnswer,
  aRequest,
  aRollback,
  aStatus,
  aTarget,
  at,
  inputs,
  posted,
} from '#test/harness/builders.ts';
import { buttonsOf, linesOf, slotKeys, slotOf } from '#test/harness/message-text.ts';

const since = (time: string): number => Date.parse(at(time)) / 1000;
const lateOne = aTarget('auth-service', { state: 'Patched', ready: 1, detail: 'pod …-7c9: image not found' });
const late = (conditions: Condition[], more = {}): Rollback =>
  aRollback({ status: aStatus({ targets: [lateOne], conditions, ...more }) });
const pastEta = aCondition('NeedsPerson', 'PastEta', 'as the controller said it');
const openKeys = (rollback: Rollback): string[] =>
  slotKeys(rollback).filter((key) => /^(needs-person|ask)/.test(key) && buttonsOf(rollback, key).length > 0);

describe('what needs a person', () => {
  it('is told with the command where only a person may clear the way, and taken back when that was done', () => {
    const message = 'auth-db: auth-db-1 is stuck on v2. Delete it: kubectl delete pod auth-db-1 -n lomash-wood';
    const rollback = late([aCondition('NeedsPerson', 'HeldUp', message)]);
    expect(linesOf(rollback, 'needs-person')).toEqual([`*NEEDS A PERSON* — production: ${message} <@U0ONCALL>`]);
    expect(buttonsOf(rollback, 'needs-person')).toContain('Show commands');
    const key = slotKeys(rollback).find((one) => one.startsWith('needs-person'))!;
    const over = late([], { slack: posted(key) });
    expect(linesOf(over, 'needs-person')).toEqual([
      '*No longer needs a person* — production: nothing is in the way any more.',
    ]);
  });

  it('is taken back when the rollback is refused, or cancelled, after all (seed 20008026)', () => {
    const need = aCondition('NeedsPerson', 'CheckFailed', 'A check failed: products.');
    const key = slotKeys(late([need])).find((one) => one.startsWith('needs-person'))!;
    for (const phase of ['Refused', 'Cancelled'] as const) {
      const over = late([need], { phase, slack: posted(key) });
      expect(linesOf(over, 'needs-person')).toEqual([
        '*No longer needs a person* — production: nothing is asked any more.',
      ]);
    }
  });

  it('is broadcast, mentions the holder and offers ways on', () => {
    const rollback = late([pastEta]);
    expect(linesOf(rollback, 'needs-person')).toEqual([
      '*NEEDS A PERSON* — production: auth-service is past its ETA. 1 of 3 pods ready (pod …-7c9: image not found). <@U0ONCALL>',
    ]);
    expect(slotOf(rollback, 'needs-person')).toMatchObject({ thread: 'root', broadcast: true, urgency: 'buttons' });
    expect(buttonsOf(rollback, 'needs-person')).toEqual([
      'Wait 10 more minutes',
      'Choose another version…',
      'Show commands',
    ]);
  });

  it('is one post for several services', () => {
    const targets = [lateOne, aTarget('product', { state: 'Patched', ready: 0, desired: 2 }), aTarget('content')];
    expect(linesOf(aFullSystem(targets, { conditions: [pastEta] }), 'needs-person')).toEqual([
      '*NEEDS A PERSON* — production: 2 services are past their ETA: auth-service, 1 of 3 pods ready (pod …-7c9: image not found); product, 0 of 2 pods ready. <@U0ONCALL>',
    ]);
  });

  it("says other needs in the controller's words, with ways back", () => {
    const conditions = [aCondition('NeedsPerson', 'PodsNotReady', 'auth-service: 2 of 3 pods ready.')];
    const rollback = aRollback({ status: aMonitored({ conditions }) });
    expect(linesOf(rollback, 'needs-person')[0]).toContain('auth-service: 2 of 3 pods ready. <@U0ONCALL>');
    expect(buttonsOf(rollback, 'needs-person')).toEqual(['Go further back…', 'Undo this rollback…', 'Show commands']);
  });

  it('is a new post when the need comes again, for an edit calls nobody', () => {
    const first = `needs-person/PastEta/${since('03:06')}`;
    const again = aCondition('NeedsPerson', 'PastEta', '', { lastTransitionTime: at('03:23') });
    const rollback = late([again], { slack: posted('root', first) });
    expect(slotKeys(rollback).filter((key) => key.startsWith('needs-person'))).toEqual([
      first,
      `needs-person/PastEta/${since('03:23')}`,
    ]);
    expect(linesOf(rollback, first)).toEqual(['*No longer needs a person* — production: no longer past its ETA.']);
    expect(openKeys(rollback)).toEqual([`needs-person/PastEta/${since('03:23')}`]);
  });

  it('calls whoever took over', () => {
    const rollback = aRollback({
      spec: { inputs: inputs(aRequest('take-over', '03:05')) },
      status: aStatus({ conditions: [pastEta] }),
    });
    expect(slotOf(rollback, 'needs-person').text).toContain('<@U0BACKEND>');
  });

  it.each(['NotBack', 'HealthFailing'])('is told by the outcome itself: %s', (reason) => {
    const status = aMonitored({ phase: 'Verifying', conditions: [aCondition('NeedsPerson', reason)] });
    expect(openKeys(aRollback({ status }))).toEqual([]);
  });
});

describe('the question at the end', () => {
  const asked = (more = {}, spec = {}): Rollback =>
    aRollback({ spec, status: aMonitored({ askedAt: at('03:20'), ...more }) });

  it('names what is not answered', () => {
    expect(linesOf(asked(), 'ask/0')).toEqual([
      '15 minutes stable. Not answered: `POST /v1/auth/login` succeeds with valid credentials. <@U0ONCALL>',
    ]);
    expect(buttonsOf(asked(), 'ask/0')).toEqual(['Mark resolved', 'Watch 15 more minutes']);
  });

  it('does not say stable when a check failed', () => {
    const conditions = [aCondition('NeedsPerson', 'CheckFailed', 'A check failed: login.')];
    for (const more of [{}, { conditions }]) {
      const rollback = asked(more, { inputs: inputs(anAnswer('login', 'fail')) });
      expect(linesOf(rollback, 'ask/0')[0]).toMatch(/^15 minutes are over\. Failed: `POST \/v1\/auth\/login`/);
    }
  });

  it('does not say stable when something is wrong, and is then the only question open', () => {
    const need = aCondition('NeedsPerson', 'PodsNotReady', 'auth-service: 2 of 3 pods ready.');
    const before = `needs-person/PodsNotReady/${since('03:06')}`;
    const rollback = asked({ conditions: [need], slack: posted('root', before) });
    expect(linesOf(rollback, 'ask/0')[0]).toMatch(
      /^15 minutes are over, NOT stable: auth-service: 2 of 3 pods ready\. Not answered:/,
    );
    expect(openKeys(rollback)).toEqual(['ask/0']);
    expect(linesOf(rollback, before)).toEqual(['*Asked again* — production: see the question asked after this.']);
  });

  it('waits while a newer need is open', () => {
    const need = aCondition('NeedsPerson', 'PodsNotReady', 'x', { lastTransitionTime: at('03:25') });
    const rollback = asked({ conditions: [need], slack: posted('root', 'ask/0') });
    expect(openKeys(rollback)).toEqual([`needs-person/PodsNotReady/${since('03:25')}`]);
    expect(linesOf(rollback, 'ask/0').at(-1)).toBe('Asked again once what was asked after this is answered.');
  });

  it('is closed by its answer at once, and asked anew only when the time is over again', () => {
    const spec = { inputs: inputs(aRequest('watch-longer', '03:21')) };
    const slack = posted('root', 'ask/0');
    const pressed = asked({ slack }, spec);
    expect(openKeys(pressed)).toEqual([]);
    expect(linesOf(pressed, 'ask/0').at(-1)).toBe('Watched for 15 minutes more (Tom Okafor).');
    expect(openKeys(asked({ slack, askedAt: at('03:36') }, spec))).toEqual(['ask/1']);
  });

  it('stays, with the answer and whose it is', () => {
    const rollback = aRollback({
      spec: { inputs: inputs(aRequest('resolve', '03:21')) },
      status: aMonitored({ phase: 'Resolved', askedAt: at('03:20'), endedAt: at('03:21'), slack: posted('ask/0') }),
    });
    expect(linesOf(rollback, 'ask/0')).toEqual([
      '15 minutes stable. Not answered: `POST /v1/auth/login` succeeds with valid credentials.',
      'Answered: marked resolved by Tom Okafor.',
    ]);
  });

  it('stays as it was asked, whatever is answered later', () => {
    const later = { ...anAnswer('login', 'pass'), at: at('03:25') };
    const spec = { inputs: inputs(aRequest('watch-longer', '03:21'), later) };
    expect(linesOf(asked({ slack: posted('root', 'ask/0') }, spec), 'ask/0')).toEqual([
      '15 minutes stable. Not answered: `POST /v1/auth/login` succeeds with valid credentials.',
      'Watched for 15 minutes more (Tom Okafor).',
    ]);
  });

  it('stays as it was put when the last check answers it', () => {
    const rollback = aRollback({
      spec: { inputs: inputs({ ...anAnswer('login', 'pass'), at: at('03:21') }) },
      status: aMonitored({ phase: 'Resolved', askedAt: at('03:20'), endedAt: at('03:21'), slack: posted('ask/0') }),
    });
    expect(linesOf(rollback, 'ask/0')).toEqual([
      '15 minutes stable. Not answered: `POST /v1/auth/login` succeeds with valid credentials.',
      'Answered: nothing is open any more, resolved by itself.',
    ]);
  });

  it('does not turn stable by being answered', () => {
    const over = aCondition('NeedsPerson', 'Resolved', '', { status: 'False', lastTransitionTime: at('03:21') });
    const rollback = aRollback({
      spec: { inputs: inputs(aRequest('resolve', '03:21')) },
      status: aMonitored({
        phase: 'Resolved',
        askedAt: at('03:20'),
        endedAt: at('03:21'),
        conditions: [over],
        slack: posted('ask/0'),
      }),
    });
    expect(linesOf(rollback, 'ask/0')[0]).toMatch(/^15 minutes are over\. Not answered:/);
  });
});
