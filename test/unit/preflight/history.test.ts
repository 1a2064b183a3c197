import { describe, expect, it } from '@jest/globals';
import type { OtherRollback } from '#preflight/facts.ts';
import { leftBefore } from '#preflight/history/left-before.ts';
import { otherRollback } from '#preflight/history/other-rollback.ts';
import { ranWell } from '#preflight/history/ran-well.ts';
import { skippedVersions } from '#preflight/history/skipped-versions.ts';
import { lookAhead } from '#preflight/index.ts';
import { aVersion, at } from '#test/harness/builders.ts';
import { aDeployment } from '#test/harness/rows.ts';
import { facts, known, unknown } from './facts.ts';

const mark = { version: 'v1.4.2', leftAt: at('01:30'), by: 'auth-service-9f8e7d' };

describe('a target that was left before', () => {
  it('warns, with when and by which rollback', () => {
    expect(leftBefore(facts({ left: known(mark) }))).toMatchObject([
      { grade: 'warning', text: 'v1.4.2 was itself rolled back from at 01:30 UTC (rollback auth-service-9f8e7d).' },
    ]);
  });

  it('tells the day as well when it was another night', () => {
    const left = known({ ...mark, leftAt: '2026-11-12T22:10:00.000Z' });
    expect(leftBefore(facts({ left }))[0]?.text).toContain('at 12 Nov, 22:10 UTC');
  });

  it('is "not checked" without the journal, and not good news', () => {
    expect(leftBefore(facts({ left: unknown }))).toMatchObject([{ grade: 'unchecked' }]);
  });
});

describe('the default target', () => {
  it('notes which versions it passed over', () => {
    expect(skippedVersions(facts({ skipped: known([mark]) }))).toMatchObject([{ grade: 'note' }]);
  });

  it('says nothing of them when the person chose the version', () => {
    expect(skippedVersions(facts({ skipped: known([mark]), isChosen: true }))).toEqual([]);
  });

  it('says that nobody saw it run, rather than that it ran well', () => {
    expect(ranWell(facts())).toEqual([]);
    expect(ranWell(facts({ to: aVersion('v1.4.2') }))).toMatchObject([{ grade: 'unchecked' }]);
  });

  it('says that it was seen for too short a time, and that there is nothing better', () => {
    const to = aVersion('v1.4.2', { ranWellMinutes: 9 });
    expect(ranWell(facts({ to }))).toMatchObject([
      {
        grade: 'unchecked',
        text: 'Whether v1.4.2 ran well is hardly known: the bot saw it run for 9 minutes only. Nothing better is known: no earlier version ran for 10 minutes.',
      },
    ]);
    expect(ranWell(facts({ to, isChosen: true }))[0]?.text).toMatch(/9 minutes only\.$/);
    expect(ranWell(facts({ to: aVersion('v1.4.2', { ranWellMinutes: 10 }) }))).toEqual([]);
  });

  it('notes a version that somebody went back from by hand, which no journal dates', () => {
    expect(skippedVersions(facts({ skipped: known([{ version: 'v1.4.2' }]) }))).toMatchObject([
      { text: 'v1.4.2 was passed over: it was rolled back from by hand.' },
    ]);
  });
});

describe('another rollback of the service', () => {
  const other: OtherRollback = {
    name: 'all-77aa',
    namespace: 'rollback-bot',
    phase: 'RollingBack',
    startedBy: 'Tom Okafor',
    state: 'Patched',
    isOlder: true,
  };
  const rows: [string, Partial<OtherRollback>, string[]][] = [
    ['it is under way', {}, ['blocker']],
    ['it is being verified', { phase: 'Verifying', state: 'Back' }, ['blocker']],
    ['it is only monitored, and gives way', { phase: 'Monitoring', state: 'Back' }, ['warning']],
    ['it called a person, who may choose this way', { awaitsPerson: true }, ['warning']],
    ['it did not bring this service back', { state: 'NotBack' }, ['warning']],
    ['it refused this service', { state: 'Refused' }, []],
    ['it is younger and waits for this one', { phase: 'Pending', isOlder: false }, []],
  ];

  it.each(rows)('%s', (_story, more, grades) => {
    expect(otherRollback(facts({ others: [{ ...other, ...more }] })).map((f) => f.grade)).toEqual(grades);
  });

  it('is named, with who started it and how to look at it', () => {
    const [finding] = otherRollback(facts({ others: [other] }));
    expect(finding?.text).toBe('Another rollback of auth-service is under way: all-77aa, started by Tom Okafor.');
    expect(finding?.command).toBe('kubectl get rollback all-77aa -n rollback-bot');
  });
});

describe('all findings', () => {
  it('come gravest first', () => {
    const deployment = aDeployment('v1.4.3', { paused: true, hasLastApplied: true });
    const grades = lookAhead(facts({ deployment, left: known(mark) })).map((f) => f.grade);
    expect(grades).toEqual(['blocker', 'warning', 'unchecked', 'unchecked', 'note']);
  });

  it('are sentences without markup', () => {
    const deployment = aDeployment('v1.4.3', { paused: true, hasLastApplied: true });
    for (const { text, cure = '.' } of lookAhead(facts({ deployment, left: known(mark) }))) {
      expect(text).toMatch(/^[A-Za-z0-9].*\.$/);
      expect(text + cure).not.toMatch(/[`*<>]/);
    }
  });
});
