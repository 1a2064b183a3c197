import { describe, expect, it } from '@jest/globals';
import type { KnownBlock, ModalView } from '@slack/types';
import type { PlannedService } from '#rollback/plan.ts';
import { emptyState, type FormState } from '#slack/form/form-state.ts';
import { formView } from '#slack/form/form-view.ts';
import type { Preview } from '#slack/form/preview.ts';
import { aPlan, aPlannedService, at, aVersion } from '#test/harness/builders.ts';
import { catalogue } from '../catalogue.ts';

const now = Date.parse(at('03:03'));
const chosen: FormState = { ...emptyState(), environment: 'production', services: ['auth-service'] };
const view = (state: FormState, preview: Preview = {}): ModalView => formView(state, preview, catalogue, now);
const reads = ({ blocks }: ModalView): string => JSON.stringify(blocks);
const inputs = ({ blocks }: ModalView): string[] =>
  (blocks as KnownBlock[]).flatMap((block) => (block.type === 'input' ? [block.block_id ?? ''] : []));
const planOf = (...services: PlannedService[]) => ({ plan: aPlan({ services }) });
const refused = { reason: 'NothingToGoBackTo', message: 'There is no earlier version.' };

function blocked(service: string): PlannedService {
  return aPlannedService(service, { refused });
}

describe('an empty form', () => {
  it('chooses no environment, has no button, and says what to choose', () => {
    const empty = view(emptyState());
    expect(empty.submit).toBeUndefined();
    expect(inputs(empty)).toEqual([]);
    expect(reads(empty)).toContain('Choose an environment');
    expect(reads(empty)).not.toContain('initial_option');
  });
});

describe('a plan', () => {
  it('stands in the form version first, with ages and who deployed, and one line of difference', () => {
    const from = aVersion('v1.4.3', { revision: 4, deployedAt: at('02:49'), deployedBy: 'tom' });
    const text = reads(
      view(chosen, planOf(aPlannedService('auth-service', { from, to: aVersion('v1.4.2', { ranWellMinutes: 180 }) }))),
    );
    expect(text).toContain('*v1.4.3* → *v1.4.2*');
    expect(text).toContain('revision 4, deployed 14 min ago by tom');
    expect(text).toContain('ran well for 3 h');
    expect(text).toContain('image v1.4.3 → v1.4.2');
  });

  it('credits what a rollback brought back to the rollback, and its first deploy after that', () => {
    const cameBack = { firstDeployedAt: '2026-11-20T01:00:00.000Z', by: 'Maya Chen' };
    const from = aVersion('v1.4.2', { revision: 9, deployedAt: at('02:12'), deployedBy: 'Tom Okafor', cameBack });
    const to = aVersion('v1.4.1', { deployedAt: at('01:12'), cameBack: { firstDeployedAt: cameBack.firstDeployedAt } });
    const text = reads(view(chosen, planOf(aPlannedService('auth-service', { from, to }))));
    expect(text).toContain(
      'revision 9, back since 02:12 UTC by a rollback of Maya Chen; first deployed 3 days ago by Tom Okafor.',
    );
    expect(text).toContain('the previous version, brought back at 01:12 UTC by an undo; first deployed 3 days ago;');
  });

  it.each([
    [[aPlannedService()], 'Roll back 1 service'],
    [[aPlannedService(), aPlannedService('content-service')], 'Roll back 2 services'],
    [[aPlannedService(), blocked('content-service')], 'Roll back 1 of 2'],
  ])('names what goes on the button (%#)', (services, label) => {
    expect(view(chosen, planOf(...services)).submit?.text).toBe(label);
  });

  it('of which nothing can go has no button and says why', () => {
    const none = view(chosen, planOf(blocked('auth-service')));
    expect(none.submit).toBeUndefined();
    expect(reads(none)).toContain('Left out: There is no earlier version.');
  });

  it('is shown as versions only to somebody who may not, with the words that say who may', () => {
    const message =
      'Not started, nothing was touched. Production may be rolled back by @oncall-backend. Ask one of them.';
    const inside = { difference: 'env DATABASE_URL added', notes: ['JWT secret rotated?'], findings: [] };
    const plan = planOf(aPlannedService('auth-service', inside));
    const shown = view(chosen, { ...plan, refusal: { reason: 'NotAllowed', message } });
    expect(shown.submit).toBeUndefined();
    expect(inputs(shown)).toEqual([]);
    expect(reads(shown)).toContain('may be rolled back by @oncall-backend');
    expect(reads(shown)).toContain('*auth-service*: *v1.4.3* → *v1.4.2*');
    expect(reads(shown)).not.toMatch(/DATABASE_URL|JWT|Details|Go back to/);
  });

  it('of a dry run has no button', () => {
    const dry = view({ ...chosen, dryRun: true }, planOf(aPlannedService()));
    expect(dry.submit).toBeUndefined();
    expect(inputs(dry)).toEqual([]);
    expect(dry.title.text).toBe('Dry run in production');
  });

  it('of a drill is refused in production and welcome in staging', () => {
    expect(view({ ...chosen, drill: true }, planOf(aPlannedService())).submit).toBeUndefined();
    const staging = view({ ...chosen, environment: 'staging', drill: true }, planOf(aPlannedService()));
    expect(staging.submit).toBeDefined();
    expect(reads(staging)).toContain('DRILL — practice');
  });

  it('of the full system asks for the name of the environment and for a time', () => {
    const all = view(
      { ...chosen, services: [], fullSystem: true },
      planOf(aPlannedService(), aPlannedService('content-service')),
    );
    expect(inputs(all)).toContain('confirm:production');
    expect(inputs(all)).toContain('since:0');
    expect(reads(all)).toContain('Only those deployed since 02:03 UTC (1 h ago)');
  });

  it('offers to override only the blockers that may be overridden', () => {
    const same = {
      check: 'same-image',
      grade: 'blocker' as const,
      text: 'This would start the same image again',
      overridable: true,
    };
    const gone = { check: 'paused', grade: 'blocker' as const, text: 'It is paused.' };
    const text = reads(view(chosen, planOf(aPlannedService('auth-service', { findings: [same, gone], refused }))));
    expect(text).toContain('auth-service/same-image');
    expect(text).not.toContain('auth-service/paused');
  });

  it('says warnings and notes before pressing, and what nobody checked', () => {
    const findings = [
      { check: 'hpa', grade: 'warning' as const, text: 'A ConfigMap is gone.' },
      { check: 'image', grade: 'unchecked' as const, text: 'Image: not checked.' },
      { check: 'owner', grade: 'note' as const, text: 'Applied by kubectl.' },
    ];
    const text = reads(
      view(chosen, planOf(aPlannedService('auth-service', { findings, notes: ['JWT secret rotated?'] }))),
    );
    expect(text).toContain('Warning: A ConfigMap is gone.');
    expect(text).toContain('Not checked: Image');
    expect(text).toContain('JWT secret rotated?');
    expect(text).not.toContain('Applied by kubectl');
  });
});

describe('limits of Slack', () => {
  it('hold for fifty services with long words', () => {
    const services = Array.from({ length: 50 }, (_, i) =>
      aPlannedService(`service-${i}`, { notes: ['x'.repeat(900)], difference: 'y'.repeat(3000) }),
    );
    const {
      blocks,
      title,
      private_metadata: metadata = '',
    } = view({ ...chosen, services: services.map((s) => s.service) }, planOf(...services));
    expect(blocks.length).toBeLessThanOrEqual(100);
    expect(title.text.length).toBeLessThanOrEqual(24);
    expect(metadata.length).toBeLessThanOrEqual(3000);
    const texts = (blocks as KnownBlock[]).flatMap((block) =>
      block.type === 'section' ? [block.text?.text.length ?? 0] : [],
    );
    expect(Math.max(...texts)).toBeLessThanOrEqual(3000);
  });

  it('text of people can neither call a channel nor break a line of ours', () => {
    const evil = aPlannedService('auth-service', { difference: '<!channel> & <https://x|y>' });
    const text = reads(view({ ...chosen, readAs: '<!here>' }, planOf(evil)));
    expect(text).not.toContain('<!channel>');
    expect(text).not.toContain('<!here>');
    expect(text).toContain('&lt;!channel&gt; &amp;');
  });
});

it('the cluster does not answer: the form says so and gives the command', () => {
  const silent = view(chosen, {
    problem: 'The cluster does not answer.',
    command: 'kubectl rollout undo deployment/auth-service -n lomash-wood',
  });
  expect(silent.submit).toBeUndefined();
  expect(reads(silent)).toContain('kubectl rollout undo deployment/auth-service -n lomash-wood');
});
