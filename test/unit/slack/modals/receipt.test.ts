import { describe, expect, it } from '@jest/globals';
import { receiptOf } from '#slack/modals/receipt.ts';
import { aPlan, aPlannedService, aRollback, aStatus, aTarget, at, posted } from '#test/harness/builders.ts';
import { catalogue } from '../catalogue.ts';

const state = { versions: 'auth-service in production, v1.4.3 → v1.4.2' };
const link = 'https://slack.test/archives/C0INCIDENT/p1';

describe('the receipt', () => {
  it('says started, then where to open it, and has nothing more to say', () => {
    const begun = aRollback();
    expect(receiptOf(catalogue, begun, state)).toMatchObject({
      text: expect.stringContaining(
        'Started: auth-service in production, v1.4.3 → v1.4.2. Follow it in <#C0INCIDENT>.',
      ),
      isBad: false,
      isFinal: false,
    });
    expect(receiptOf(catalogue, begun, state, { link })).toMatchObject({
      text: expect.stringContaining(`<#C0INCIDENT>. <${link}|Open it>. You can close this.`),
      isFinal: true,
    });
  });

  it('says that Slack holds the messages back, rather than leaving somebody to look for them', () => {
    expect(receiptOf(catalogue, aRollback(), state, { isLate: true }).text).toContain(
      'Slack does not take my messages',
    );
    const told = aRollback({ status: aStatus({ slack: posted('root') }) });
    expect(receiptOf(catalogue, told, state, { isLate: true }).text).not.toContain('Slack does not take');
  });

  it('says refused where the world moved between form and press', () => {
    const status = aStatus({
      phase: 'Refused',
      message: 'auth-service: v1.4.4 was deployed at 03:02, after you opened the form.',
      targets: [
        aTarget('auth-service', {
          state: 'Refused',
          detail: 'v1.4.4 was deployed at 03:02 UTC, after you opened the form.',
        }),
      ],
      endedAt: at('03:03'),
    });
    const receipt = receiptOf(catalogue, aRollback({ status }), state, { link });
    expect(receipt).toMatchObject({ heading: 'Refused', isBad: true, isFinal: true });
    expect(receipt.text).toContain('Nothing was touched. v1.4.4 was deployed at 03:02 UTC, after you opened the form.');
    expect(receipt.text).toContain(`“See new plan” shows what would happen now. <${link}|Open it>.`);
    expect(receipt.text).not.toContain('Started');
  });

  it('says refused as soon as the last service is, and waits for the word of the channel', () => {
    const targets = [aTarget('auth-service', { state: 'Refused', detail: 'It was changed.' })];
    const early = receiptOf(catalogue, aRollback({ status: aStatus({ targets }) }), state, { link });
    expect(early).toMatchObject({ heading: 'Refused', isFinal: false });
    expect(early.text).not.toContain('Started');
  });

  it('promises no message where none can be posted', () => {
    const { plan: _plan, ...bare } = aStatus({
      phase: 'Refused',
      message: 'There is no environment "prod".',
      targets: [],
    });
    const receipt = receiptOf(catalogue, aRollback({ status: bare }), state);
    expect(receipt).toMatchObject({ isFinal: true });
    expect(receipt.text).not.toContain('See new plan');
  });

  it('names what was left out since the form, but not what the form itself left out', () => {
    const services = ['auth-service', 'content-service', 'analytics-service'];
    const status = aStatus({
      plan: aPlan({ services: services.map((service) => aPlannedService(service)) }),
      targets: [
        aTarget('auth-service', { state: 'Patched' }),
        aTarget('content-service', { state: 'Refused', detail: 'It was changed.' }),
        aTarget('analytics-service', { state: 'Refused', detail: 'It is paused.' }),
      ],
    });
    const expected = { from: 'hash', to: 'uid' };
    const targets = services.map((service) => ({
      service,
      expected: service === 'analytics-service' ? { from: 'hash', to: '' } : expected,
    }));
    const { text, isBad } = receiptOf(catalogue, aRollback({ spec: { targets }, status }), {
      versions: '2 of 3 services in production',
    });
    expect(text).toContain('Left out since the form:* content-service (It was changed).');
    expect(text).not.toContain('paused');
    expect(isBad).toBe(true);
  });

  it('does not go on saying started when nobody has begun', () => {
    const asked = aRollback({ status: null });
    expect(receiptOf(catalogue, asked, state).text).toContain('Started:');
    const late = receiptOf(catalogue, asked, state, { isLate: true });
    expect(late).toMatchObject({ heading: 'Not begun yet', isFinal: false });
    expect(late.text).toContain('nothing is touched until then');
  });
});
