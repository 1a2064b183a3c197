/**
 * Which handler gets which interaction: one listener per kind of payload, one table per kind. An id that no table knows (an old message,
 * another version of the bot) is answered in words, never with silence.
 */
import type { App, SlackActionMiddlewareArgs, SlackShortcutMiddlewareArgs } from '@slack/bolt';
import { messageActions } from './actions/index.ts';
import { sayByResponse, sayDirectly, sayInPlace, type Say } from './answer.ts';
import { actionTime, ClickBody, clickOf, type Click } from './click.ts';
import { OPEN_AS_TYPED, OPEN_LINE, runCommand } from './commands/rollback.ts';
import { within } from './deadline.ts';
import { emptyState } from './form/form-state.ts';
import { formActions } from './form/form-actions.ts';
import { readForm, type SentView } from './form/read-form.ts';
import { openForm } from './form/show-form.ts';
import { targetOptions } from './form/target-options.ts';
import { createFirstTime } from './first-time.ts';
import { guarded, wordsFor } from './guard.ts';
import { HOME_OPEN, showHome } from './home/home.ts';
import { incidentId } from './keys.ts';
import { messageView } from './modals/message-view.ts';
import { submissions } from './modals/submissions.ts';
import { actorOf } from './people/actor.ts';
import type { Room } from './room.ts';
import { shortcuts } from './shortcuts/index.ts';
import { ShortcutBody } from './shortcuts/shortcut.ts';

const UNKNOWN =
  'I do not know this button: it is of another version of the bot. Nothing was done. `/rollback status` shows what is running, `/rollback` opens the form.';

/** An acknowledgement that failed (its socket closed) is the person's to see: Slack shows it; nothing here can mend it. */
async function acknowledged(room: Room, ack: Promise<unknown>): Promise<void> {
  await ack.catch((error: unknown) => room.log.warn('an acknowledgement was not delivered', { error: String(error) }));
}

type FirstTime = ReturnType<typeof createFirstTime>;

function registerCommands(app: App, room: Room, isFirst: FirstTime): void {
  app.command(/.*/, async ({ command, ack, respond }) => {
    const where = { channel: command.channel_id, user: command.user_id };
    const say = sayByResponse(room, respond, sayInPlace(room, where, sayDirectly(room, command.user_id)));
    // Nothing is lost when the answer comes later: a command only opens or tells.
    void acknowledged(room, ack());
    if (!isFirst(command.trigger_id)) return;
    await guarded(room, 'command', say, async () => {
      const { text, channel_id: channel, trigger_id: triggerId, user_id: id, user_name: name } = command;
      await runCommand(room, { text, channel, triggerId, say, person: { id, name } });
    });
  });
}

/** Lines below "did you mean", and the button of App Home. */
const openers: ReadonlyMap<string, (room: Room, click: Click) => Promise<void>> = new Map([
  [OPEN_LINE, (room: Room, click: Click) => typed(room, click, false)],
  [OPEN_AS_TYPED, (room: Room, click: Click) => typed(room, click, true)],
  [HOME_OPEN, (room: Room, click: Click) => openForm(room, click.triggerId, emptyState(), click.person)],
]);

async function typed(
  room: Room,
  { value = '', person, channel, triggerId, say }: Click,
  asTyped: boolean,
): Promise<void> {
  await runCommand(room, { text: value, asTyped, person, channel, triggerId, say });
}

/**
 * Where a click is answered: in its thread, by its response_url, or to the person directly. A click on a thread's root is answered in the
 * channel: who pressed it there has no thread open and would see nothing.
 */
function sayToClick(room: Room, body: ClickBody, respond: SlackActionMiddlewareArgs['respond'] | undefined): Say {
  const direct = sayDirectly(room, body.user.id);
  const byResponse = typeof respond === 'function' ? sayByResponse(room, respond, direct) : direct;
  const channel = body.channel?.id;
  if (channel === undefined) return byResponse;
  const rootTs = body.message?.thread_ts ?? body.container?.thread_ts;
  const threadTs = rootTs === body.message?.ts ? undefined : rootTs;
  return sayInPlace(room, { channel, user: body.user.id, threadTs }, byResponse);
}

function registerActions(app: App, room: Room, isFirst: FirstTime): void {
  const handlers = new Map([...messageActions, ...openers, ...formActions()]);
  app.action(/.*/, async ({ body: raw, ack, respond }) => {
    void acknowledged(room, ack());
    const body = ClickBody.safeParse(raw);
    if (!body.success) return room.log.error('a click could not be read', { error: body.error.message });
    if (!isFirst(body.data.trigger_id)) return;
    const say = sayToClick(room, body.data, respond);
    await guarded(room, body.data.actions[0]?.action_id ?? 'click', say, async () => {
      const { id, name } = body.data.user;
      const quick = { id, name: name ?? id };
      const click = clickOf(body.data, quick, say, room.clock.now());
      if (click === undefined) return;
      const handle = handlers.get(click.actionId);
      if (handle === undefined) return await say(UNKNOWN);
      const person = messageActions.has(click.actionId) ? await actorOf(room, quick) : quick;
      await handle(room, { ...click, person });
    });
  });
}

function registerViews(app: App, room: Room): void {
  app.view({ type: 'view_submission', callback_id: /.*/ }, async ({ view, body, ack }) => {
    const receivedAt = performance.now();
    const at = actionTime(undefined, room.clock.now());
    const handle = submissions.get(view.callback_id);
    try {
      if (handle === undefined) {
        const text =
          'I do not know this form: it is of another version of the bot. Nothing was done. Close it and type `/rollback`.';
        return await acknowledged(room, ack({ response_action: 'update', view: messageView('Not known', text) }));
      }
      const person = await actorOf(room, body.user);
      const work = handle(room, { view, person, at, receivedAt });
      const answer = await room.inFlight.track(work);
      await acknowledged(room, answer === undefined ? ack() : ack(answer));
    } catch (error) {
      const incident = incidentId(`${view.id} ${String(error)}`);
      const cause = error instanceof Error ? error.stack : String(error);
      room.log.error('a submission failed', { incident, callback: view.callback_id, error: cause });
      const words = `:warning: ${wordsFor(error, incident)}`;
      await acknowledged(room, ack({ response_action: 'update', view: messageView('That failed', words) }));
    }
  });
}

function registerOptions(app: App, room: Room): void {
  app.options(/.*/, async ({ body, ack }) => {
    const { view, value } = body as unknown as { view?: SentView; value?: string };
    const form = view === undefined ? undefined : readForm({ ...view, state: view.state ?? { values: {} } });
    const none = { options: [] };
    const found = form === undefined ? none : await targetOptions(room, form, value ?? '').catch(() => none);
    await acknowledged(room, ack(found));
  });
}

function registerShortcuts(app: App, room: Room, isFirst: FirstTime): void {
  app.shortcut(/.*/, async ({ body: raw, ack, respond }: SlackShortcutMiddlewareArgs) => {
    void acknowledged(room, ack());
    const read = ShortcutBody.safeParse(raw);
    if (!read.success) return room.log.error('a shortcut could not be read', { error: read.error.message });
    const body = read.data;
    if (!isFirst(body.trigger_id)) return;
    const direct = sayDirectly(room, body.user.id);
    const hasPlace = body.channel !== undefined && typeof respond === 'function';
    const say = hasPlace ? sayByResponse(room, respond, direct) : direct;
    await guarded(room, body.callback_id, say, async () => {
      const { id, name } = body.user;
      const handle = shortcuts.get(body.callback_id);
      if (handle === undefined) return await say(UNKNOWN);
      await handle(room, {
        body,
        person: { id, name: name ?? id },
        at: actionTime(body.action_ts, room.clock.now()),
        say,
      });
    });
  });
}

function registerHome(app: App, room: Room): void {
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab !== 'home') return;
    const silent: Say = () => Promise.resolve();
    await guarded(room, 'home', silent, () => within(5000, 'home', showHome(room, event.user)));
  });
}

export function registerHandlers(app: App, room: Room): void {
  const isFirst = createFirstTime(room.clock);
  registerCommands(app, room, isFirst);
  registerActions(app, room, isFirst);
  registerViews(app, room);
  registerOptions(app, room);
  registerShortcuts(app, room, isFirst);
  registerHome(app, room);
}
