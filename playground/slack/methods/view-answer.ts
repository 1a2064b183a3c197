import type { Core } from '../core.ts';
import { fullState } from '../interaction/state.ts';
import { viewBlocks } from '../workspace/views.ts';
import type { StoredView } from '../workspace/views.ts';
import type { Answer } from './method.ts';

/** A view as the Web API and payloads show it, with the state as the person last left it. */
export function viewAnswer(core: Core, stored: StoredView): Answer {
  const { workspace } = core;
  const { view } = stored;
  return {
    id: stored.id,
    team_id: workspace.team.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    state: { values: fullState(viewBlocks(view), stored.typed) },
    hash: stored.hash,
    title: ('title' in view ? view.title : undefined) ?? null,
    submit: ('submit' in view ? view.submit : undefined) ?? null,
    close: ('close' in view ? view.close : undefined) ?? null,
    clear_on_close: view.type === 'modal' && (view.clear_on_close ?? false),
    notify_on_close: view.type === 'modal' && (view.notify_on_close ?? false),
    external_id: view.external_id ?? '',
    previous_view_id: stored.previousId ?? null,
    root_view_id: stored.rootId,
    app_id: workspace.app.id,
    app_installed_team_id: workspace.team.id,
    bot_id: workspace.app.botId,
  };
}
