/** views.*: modals by trigger, updates by id, Home tabs. */
import type { View } from '@slack/types';
import { z } from 'zod';
import type { Core } from '../core.ts';
import { viewLimits } from '../limits.ts';
import { checkView } from '../rules/surface-rules.ts';
import { SlackError } from '../slack-error.ts';
import { viewBlocks } from '../workspace/views.ts';
import type { StoredView } from '../workspace/views.ts';
import { json } from './arguments.ts';
import { viewAnswer } from './view-answer.ts';
import { webMethod } from './method.ts';
import type { Answer, MethodFamily } from './method.ts';

const view = json(z.record(z.string(), z.unknown()));

/** A checked view with ids on its blocks and elements, or Slack's refusal. */
export function readView(
  core: Core,
  raw: Record<string, unknown>,
  type: 'modal' | 'home',
  replaced?: StoredView,
): View {
  checkView(raw, type);
  const given = raw as unknown as View;
  const taken = given.external_id ? core.workspace.views.findExternal(given.external_id) : undefined;
  if (taken && taken !== replaced) throw new SlackError('duplicate_external_id');
  const blocks = core.workspace.messages.withIds(viewBlocks(given));
  return { ...given, blocks };
}

/** Puts a view on top of the person's stack. */
export function pushView(core: Core, user: string, raw: Record<string, unknown>): StoredView {
  if (core.workspace.views.stack(user).length >= viewLimits.stack) throw new SlackError('push_limit_reached');
  return core.workspace.views.push(user, readView(core, raw, 'modal'));
}

const open = webMethod({ tier: 'tier4' }, z.object({ trigger_id: z.string(), view }), (args, core): Answer => {
  const opened = readView(core, args.view, 'modal');
  const { user } = core.triggers.exchange(args.trigger_id);
  return { view: viewAnswer(core, core.workspace.views.open(user, opened)) };
});

const push = webMethod({ tier: 'tier4' }, z.object({ trigger_id: z.string(), view }), (args, core): Answer => {
  checkView(args.view, 'modal');
  const { user } = core.triggers.exchange(args.trigger_id);
  if (core.workspace.views.stack(user).length === 0) throw new SlackError('not_found');
  return { view: viewAnswer(core, pushView(core, user, args.view)) };
});

const update = webMethod(
  { tier: 'tier4' },
  z.object({ view_id: z.string().optional(), external_id: z.string().optional(), hash: z.string().optional(), view }),
  (args, core): Answer => {
    const { views } = core.workspace;
    const stored = args.view_id
      ? views.find(args.view_id)
      : args.external_id
        ? views.findExternal(args.external_id)
        : undefined;
    checkView(args.view, args.view['type'] === 'home' ? 'home' : 'modal');
    if (!stored) throw new SlackError('not_found');
    if (args.hash !== undefined && args.hash !== stored.hash) throw new SlackError('hash_conflict');
    views.update(stored, readView(core, args.view, stored.view.type === 'home' ? 'home' : 'modal', stored));
    return { view: viewAnswer(core, stored) };
  },
);

const publish = webMethod(
  { tier: 'tier4' },
  z.object({ user_id: z.string(), hash: z.string().optional(), view }),
  (args, core): Answer => {
    if (!core.manifest.features.app_home.home_tab_enabled) throw new SlackError('not_enabled');
    if (!core.workspace.users.has(args.user_id)) throw new SlackError('invalid_arguments');
    const before = core.workspace.views.home(args.user_id);
    if (args.hash !== undefined && before && args.hash !== before.hash) throw new SlackError('hash_conflict');
    const home = readView(core, args.view, 'home', before);
    return { view: viewAnswer(core, core.workspace.views.publish(args.user_id, home)) };
  },
);

export const views: MethodFamily = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
