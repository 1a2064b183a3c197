import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Journey, startJourney } from '#test/harness/journey.ts';
import type { Person } from '#playground/slack/people/person.ts';

let night: Journey;
beforeAll(async () => {
  night = await startJourney();
  night.world.act('deploy-bad', 'auth-service');
  const runs = () => night.world.view().find((s) => s.name === 'auth-service')?.version === 'v1.4.3';
  await night.until('v1.4.3 runs', runs);
});
afterAll(() => night.stop());

/** What is typed opens a form; resolves when it reads what is expected. */
async function opened(line: string, reads: RegExp, person: Person = night.maya) {
  await person.type('#incidents', `/rollback ${line}`);
  return await formReads(reads, person);
}

function formReads(reads: RegExp, person: Person = night.maya) {
  return night.until(`the form reads ${String(reads)}`, () => {
    const modal = person.modal();
    return modal && reads.test(modal.reads) ? modal : undefined;
  });
}

const hasButton = (modal: { view: object }): boolean => 'submit' in modal.view;
const ephemeral = (words: RegExp, person: Person = night.maya, where = '#incidents') =>
  night.until(`${person.id} is told ${String(words)}`, () => {
    const seen = person.message(words, where);
    return seen?.ephemeral ? seen : undefined;
  });

describe('the command', () => {
  it('is understood as a phone types it, reason whole, one service only', async () => {
    const phone = await opened('Auth prod —to v1.4.1', /To v1\.4\.1/);
    expect(phone.reads).toContain('v1.4.3* → *v1.4.1');
    await night.maya.close();
    const form = await opened('auth-service production all logins fail', /v1\.4\.2/);
    expect(form.reads).toContain('(all logins fail)');
    expect(form.reads).not.toContain('content-service*:');
    await night.maya.close();
  });

  it('of a near miss asks back, and one press opens what was meant', async () => {
    await night.maya.type('#incidents', '/rollback auht production');
    const answer = await ephemeral(/Did you mean auth-service/);
    await night.maya.click(/^Open \/rollback auth-service production/, answer);
    expect((await formReads(/\*auth-service\*: \*v1\.4\.3\*/)).title).toBe('Roll back in production');
    await night.maya.close();
  });

  it.each([
    ['history auth prod', /v1\.4\.3.*current/],
    ['status', /No rollback is running/],
    ['help', /opens the form/],
    ['locks', /not built yet/],
    ['auth-service qa', /not an environment/],
  ])('“%s” is answered to the person alone', async (line, words) => {
    await night.maya.type('#incidents', `/rollback ${line}`);
    await ephemeral(words);
    expect(night.sam.message(words, '#incidents')).toBeUndefined();
  });

  it('works in a channel that the bot is not in', async () => {
    await night.maya.type('#general', '/rollback status');
    expect(await ephemeral(/No rollback is running/, night.maya, '#general')).toMatchObject({ ephemeral: true });
  });
});

describe('the form', () => {
  it('works the plan out anew after each choice, also when two are made at once', async () => {
    const { maya } = night;
    await opened('', /Choose an environment/);
    await Promise.all([maya.select('Environment', 'staging'), maya.select('Services', 'auth-service')]);
    await formReads(/\*auth-service\*: /);
    expect(maya.modal()?.title).toBe('Roll back in staging');
    await maya.select('Environment', 'production');
    await formReads(/v1\.4\.3\* → \*v1\.4\.2/);
    expect(await maya.suggestions('Go back to', 'v1.4.1')).toEqual(['v1.4.1 (revision 2)']);
    await maya.select('Go back to', /v1\.4\.1/, { query: '2' });
    await formReads(/To v1\.4\.1/);
    await maya.select('Services', 'content-service');
    const both = await formReads(/\*content-service\*: /);
    expect(both.reads).toContain('*auth-service*: *v1.4.3* → *v1.4.1*');
    await maya.close();
  });

  it('shows the template difference under Details, above the form', async () => {
    await opened('auth prod', /v1\.4\.2/);
    await night.maya.click('Details');
    const details = await formReads(/- containers\[auth-service\]\.image/);
    expect(details.title).toBe('Details');
    await night.maya.close();
    expect(night.maya.modal()?.title).toBe('Roll back in production');
    await night.maya.close();
  });

  it('of a dry run, a drill in production, a person who may not and a guest has no button', async () => {
    const { maya, sam, guest } = night;
    expect(hasButton(await opened('auth prod --dry-run', /v1\.4\.2/))).toBe(false);
    await maya.close();
    expect(hasButton(await opened('auth prod --drill', /Drills are not for production/))).toBe(false);
    await maya.close();
    expect(hasButton(await opened('auth prod', /may be rolled back by @oncall-backend/, sam))).toBe(false);
    await sam.close();
    expect(hasButton(await opened('auth prod', /Guests of this workspace/, guest))).toBe(false);
    await guest.close();
    expect(night.rollbacks()).toHaveLength(0);
  });

  it('asks for the name of the environment before the full system', async () => {
    const { maya } = night;
    await opened('all prod', /\*analytics-service\*/);
    await maya.check(/Health check failing/);
    await maya.fill(/Full system/, 'staging');
    await maya.submit();
    const wrong = await night.until('a field error', () => {
      const errors = maya.modal()?.errors ?? {};
      return Object.keys(errors).length > 0 ? errors : undefined;
    });
    expect(Object.values(wrong).join(' ')).toMatch(/Type production/);
    await maya.select('Which of them', /1 h ago/);
    const lately = await formReads(/Now v1\.4\.3/);
    expect(lately.reads).toContain('*auth-service*');
    expect(lately.reads).not.toContain('*analytics-service*');
    await maya.close();
  });

  it('opens from an alert, which becomes the reason, and from anywhere', async () => {
    const { maya, tom } = night;
    await tom.type('#incidents', 'FIRING HighErrorRate auth-service production');
    const alert = await night.post(/HighErrorRate/);
    await maya.messageShortcut('Roll back because of it', alert);
    const form = await formReads(/v1\.4\.3\* → \*v1\.4\.2/);
    expect(form.reads).toMatch(/HighErrorRate auth-service production http\S+archives\/C0INCIDENT\/p/);
    await maya.close();
    await maya.shortcut('Roll back…');
    await formReads(/Choose an environment/);
    await maya.close();
    await maya.openHome();
    await night.until('the home tab is there', () => maya.home()?.includes('No rollback is running'));
    await maya.click('Roll back…', 'home');
    await formReads(/Choose an environment/);
    await maya.close();
  });
});
