/** Submitting and closing modals, and what the app's answer does to the stack. */
import { z } from 'zod';
import type { StateValues } from '../client-protocol.ts';
import type { Core } from '../core.ts';
import { pushView, readView } from '../methods/views.ts';
import { viewAnswer } from '../methods/view-answer.ts';
import { SlackError } from '../slack-error.ts';
import { viewBlocks } from '../workspace/views.ts';
import type { StoredView } from '../workspace/views.ts';
import { inputErrors } from './input-errors.ts';
import { done, failed, failureOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { actor } from './payloads.ts';
import { fullState } from './state.ts';

const rawView = z.record(z.string(), z.unknown());

const ResponseAction = z.union([
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: rawView }),
  z.object({ response_action: z.literal('push'), view: rawView }),
  z.object({ response_action: z.literal('clear') }),
]);

/** The top modal of the person; anything below it cannot be submitted or closed. */
function findTop(core: Core, userId: string, viewId: string): StoredView {
  const top = core.workspace.views.stack(userId).at(-1);
  if (!top || top.id !== viewId) throw new SlackError('not_found');
  return top;
}

/** What Slack's client checks comes first; then the app answers within three seconds, or the person reads that it did not. */
export async function submit(core: Core, userId: string, viewId: string, state: StateValues): Promise<Outcome> {
  const stored = findTop(core, userId, viewId);
  if (stored.submitting) return { ok: false, error: 'already_submitting' };
  // A view without a button has nothing to press.
  if (stored.view.type === 'modal' && stored.view.submit === undefined) return { ok: false, error: 'no_submit_button' };
  stored.typed = state;
  const errors = inputErrors(viewBlocks(stored.view), fullState(viewBlocks(stored.view), state));
  if (Object.keys(errors).length > 0) return showErrors(core, stored, errors);
  stored.submitting = true;
  try {
    const payload = {
      type: 'view_submission',
      ...actor(core, userId),
      trigger_id: core.triggers.issue(userId, viewId),
      view: viewAnswer(core, stored),
      response_urls: [],
    };
    const delivery = await core.sockets.deliver({ type: 'interactive', payload, acceptsPayload: true });
    const failure = failureOf(delivery);
    if (failure !== undefined) return failed(core, userId, failure);
    return takeResponse(core, stored, delivery.kind === 'acked' ? delivery.payload : undefined);
  } finally {
    stored.submitting = false;
  }
}

function showErrors(core: Core, stored: StoredView, errors: Record<string, string>): Outcome {
  core.workspace.changes.tell({ type: 'view_errors', user: stored.user, viewId: stored.id, errors });
  return { ok: false, error: 'view_errors' };
}

function takeResponse(core: Core, stored: StoredView, payload: unknown): Outcome {
  const { views } = core.workspace;
  const isEmpty = payload === undefined || payload === null || payload === '' || JSON.stringify(payload) === '{}';
  if (isEmpty) {
    const stack = views.stack(stored.user).filter((v) => v !== stored);
    views.setStack(stored.user, stored.view.type === 'modal' && stored.view.clear_on_close ? [] : stack);
    return done;
  }
  const response = ResponseAction.safeParse(payload).data;
  try {
    if (!response) throw new SlackError('invalid_response_action');
    return perform(core, stored, response);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return failed(core, stored.user, error.error);
  }
}

function perform(core: Core, stored: StoredView, response: z.infer<typeof ResponseAction>): Outcome {
  const { views } = core.workspace;
  switch (response.response_action) {
    case 'clear':
      views.setStack(stored.user, []);
      return done;
    case 'update':
      views.update(stored, readView(core, response.view, 'modal', stored));
      return done;
    case 'push':
      pushView(core, stored.user, response.view);
      return done;
    case 'errors': {
      const inputs = viewBlocks(stored.view)
        .filter((b) => b.type === 'input')
        .map((b) => b.block_id);
      const isKnown = Object.keys(response.errors).every((id) => inputs.includes(id));
      if (!isKnown) throw new SlackError('invalid_error_blocks');
      return showErrors(core, stored, response.errors);
    }
  }
}

/** Closes the top view, or the whole stack; views that asked for it tell the app. */
export async function close(core: Core, userId: string, viewId: string, all = false): Promise<Outcome> {
  const top = findTop(core, userId, viewId);
  const { views } = core.workspace;
  const stack = views.stack(userId);
  const clears = all || (top.view.type === 'modal' && top.view.clear_on_close === true);
  const closed = clears ? stack : [top];
  views.setStack(userId, clears ? [] : stack.slice(0, -1));
  for (const stored of closed.toReversed()) {
    if (stored.view.type !== 'modal' || stored.view.notify_on_close !== true) continue;
    const payload = {
      type: 'view_closed',
      ...actor(core, userId),
      view: viewAnswer(core, stored),
      is_cleared: clears,
    };
    await core.sockets.deliver({ type: 'interactive', payload, acceptsPayload: false });
  }
  return done;
}
