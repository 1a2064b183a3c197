import { describe, expect, it } from '@jest/globals';
import { pageModule } from './page-module.ts';

const { progressOf } = await pageModule('world/milestones.js');
const { begun, matching } = await pageModule('message/completion.js');

const healthy = { name: 'auth-service', errorRate: 0.001, pods: [{ ready: true }] };
const said = (text: string, blocks?: object[]) => ({ channel: 'C0INCIDENT', ts: '1.0', user: 'U0BOT', text, blocks });
const checklist = (ticked: object[]) =>
  said('Verification', [
    { type: 'actions', elements: [{ type: 'checkboxes', ...(ticked.length > 0 ? { initial_options: ticked } : {}) }] },
  ]);

describe('the three steps', () => {
  it('begin with nothing done', () => {
    expect(new Set(Object.values(progressOf([checklist([])], [healthy], false)))).toEqual(new Set([false]));
  });

  it('do not take what the bot filled in for a person’s answer', () => {
    const byBot = { value: 'health', description: { type: 'mrkdwn', text: 'bot: 9/9, 03:07 UTC' } };
    expect(progressOf([checklist([byBot])], [healthy], false).ticked).toBe(false);
  });

  it('see nothing to skip once the bot has asked', () => {
    const asked = said('Status: Monitored for 15 minutes, not resolved yet: asked in the thread.');
    expect(progressOf([asked], [healthy], false).waits).toBe(false);
  });

  it.each([
    ['deployed', [], [{ ...healthy, errorRate: 0.4 }], false],
    ['deployed', [], [{ ...healthy, pods: [{ ready: false, reason: 'CrashLoopBackOff' }] }], false],
    ['asked', [], [healthy], true],
    ['started', [said('*ROLLBACK INITIATED* — production')], [healthy], false],
    ['ended', [said('*ROLLBACK PARTIAL* — production')], [healthy], false],
    ['ticked', [checklist([{ value: 'health' }])], [healthy], false],
    ['resolved', [said('Status: Resolved 03:24 UTC')], [healthy], false],
    ['waits', [said('Status: Monitoring for 15 minutes before marking resolved.')], [healthy], false],
  ])('see that it was %s', (name, messages, services, formIsOpen) => {
    expect(progressOf(messages, services, formIsOpen)[name]).toBe(true);
  });
});

describe('completing a slash command', () => {
  const commands = [{ command: '/rollback' }, { command: '/remind' }];

  it('lists what the letters so far may become, whatever their case', () => {
    expect(matching(commands, '/Ro')).toEqual([{ command: '/rollback' }]);
    expect(matching(commands, '/')).toEqual(commands);
  });

  it('lists nothing once arguments have begun, but knows the command', () => {
    expect(matching(commands, '/rollback auth')).toEqual([]);
    expect(begun(commands, '/rollback auth')).toEqual({ command: '/rollback' });
  });
});
