import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { fieldErrors, opens, saidByBot, submitLabel } from '#test/harness/form.ts';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import { deploy, rollbackOf, untilPhase } from '#test/harness/story.ts';

const WHO = '@oncall-backend or @oncall-leads';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
  await deploy(night, 'deploy-bad', 'auth-service');
});
afterEach(async () => {
  for (const person of [night.maya, night.sam, night.guest, night.tom]) if (person.modal()) await person.close();
});
afterAll(() => night.stop());

const untouched = (): void => {
  expect(night.rollbacks()).toEqual([]);
  expect(night.version('auth-service')).toBe('v1.4.3');
  expect(saidByBot(night)).toEqual([]);
};

/** Takes somebody out of every group, or puts them back. */
function member(id: string, isIn: boolean): void {
  const group = night.slack.workspace.usergroups.get('S0ONCALL')!;
  group.users = isIn ? [...new Set([...group.users, id])] : group.users.filter((user) => user !== id);
}

it('Sam, who may not, reads which versions and who may, and has no button', async () => {
  const form = await opens(night, 'auth production logins fail', /→ \*v1\.4\.2\*/, night.sam);
  expect(form.reads).toContain(`Production may be rolled back by ${WHO}. Ask one of them.`);
  expect(form.reads).toContain('Not started, nothing was touched.');
  expect(form.reads).not.toMatch(/Changes:|Note:|Details|\[Go back to/);
  expect(submitLabel(form)).toBeUndefined();
  untouched();
});

it('Sam may roll back dev, by the very same form', async () => {
  const form = await opens(night, 'auth dev', /→ \*v1\.4\.1\*/, night.sam);
  expect(submitLabel(form)).toBe('Roll back 1 service');
  expect(form.reads).not.toContain('may be rolled back by');
});

it('a guest never may, not even where the catalogue would let them', async () => {
  member('U0GUEST', true);
  night.skip(2);
  const form = await opens(night, 'auth production', /→ \*v1\.4\.2\*/, night.guest);
  expect(form.reads).toContain(`Guests of this workspace may not roll back. Ask ${WHO}.`);
  expect(submitLabel(form)).toBeUndefined();
  member('U0GUEST', false);
  untouched();
});

it('who leaves the group between the form and the press is refused at the press, in the form', async () => {
  const { tom } = night;
  night.skip(2);
  await opens(night, 'auth production logins fail', /→ \*v1\.4\.2\*/, tom);
  expect(submitLabel(tom.modal()!)).toBe('Roll back 1 service');
  member('U0BACKEND', false);
  night.skip(2);
  await tom.submit();
  await night.until('a field says who may', () => fieldErrors(tom).includes(WHO));
  expect(fieldErrors(tom)).toContain('Not started, nothing was touched.');
  member('U0BACKEND', true);
  night.skip(2);
  untouched();
});

it('user groups that Slack does not tell let nobody through, at the press either', async () => {
  const { maya, slack } = night;
  await opens(night, 'auth production logins fail', /→ \*v1\.4\.2\*/);
  night.skip(2);
  slack.faults.failHttp('usergroups.users.list', 500, { times: 20 });
  await maya.submit();
  await night.until('a field says that Slack did not tell', () => /Slack did not say/.test(fieldErrors(maya)));
  expect(fieldErrors(maya)).toContain('nothing was touched');
  untouched();
  slack.faults.clear();
});

it('the same press goes through once Slack tells again', async () => {
  await opens(night, 'auth production logins fail', /→ \*v1\.4\.2\*/);
  const hasStarted = (): boolean => /Started: /.test(night.maya.modal()?.reads ?? '');
  await night.until('Slack tells again', async () => {
    const pressedAt = night.clock.now();
    await night.maya.submit();
    await night.soon('it shows, or seconds pass', () => hasStarted() || night.clock.now() - pressedAt > 10_000);
    return hasStarted();
  });
  await untilPhase(night, 'auth-service', 'Monitoring');
  expect(night.rollbacks()).toHaveLength(1);
  expect(night.version('auth-service')).toBe('v1.4.2');
});

it('who leaves the group after the press is stopped by the controller, before anything is touched', async () => {
  await deploy(night, 'deploy-bad', 'content-service');
  await opens(night, 'content production empty pages', /→ \*v1\.9\.2\*/, night.tom);
  // It can't be begun, so that there is time to leave between the press and the controller's own question.
  night.cluster.faults.answer(500, ({ method, path }) => method === 'PATCH' && path.includes('/status'));
  await night.tom.submit();
  const tries = await triesAt('content-service');
  await night.soon('it was tried in vain', () => tries() > 0);
  member('U0BACKEND', false);
  night.skip(1.5);
  // One attempt may have asked before: the second one cannot.
  const before = tries();
  await night.soon('it was tried anew', () => tries() > before + 1);
  night.cluster.faults.answer(undefined);
  const refused = await night.post(/\*ROLLBACK REFUSED\*[^]*content-service/);
  expect(refused.reads).toContain(`Production may be rolled back by ${WHO}.`);
  expect(refused.reads.match(/othing was touched/g)).toHaveLength(1);
  expect(refused.reads).toContain('@Tom Okafor');
  expect(night.version('content-service')).toBe('v1.9.3');
});

/** Counts how often the controller could not begin with the service. */
async function triesAt(service: string): Promise<() => number> {
  const { metadata } = await night.until('it is asked for', () => rollbackOf(night, service));
  return () => night.troubles.filter((line) => line.includes(`"rollback":"${metadata.name}"`)).length;
}
