/**
 * A person at their Slack client, without a browser: reads what stands there and acts by what they read. It goes through the very same
 * functions as the page's requests and knows nothing the page could not know. A thing that is not to be seen is an error that says what
 * is.
 */
import type { KnownBlock } from '@slack/types';
import type { ClientAction, MessageView, OpenView, StateValues } from '../client-protocol.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../interaction/outcome.ts';
import { fullState } from '../interaction/state.ts';
import { perform } from '../interactions.ts';
import { messageView, openViews, visibleChannels } from './client-view.ts';
import { findButton, findChoice, findField, findOption, optionsOf } from './find-element.ts';
import type { Found, Option, Words } from './find-element.ts';
import { shown, visibleText } from './visible-text.ts';
import { viewBlocks } from '../workspace/views.ts';

export interface SeenMessage extends MessageView {
  /** Blocks as read, or the text where there are none. */
  reads: string;
}

/** Where to act: a message; absent, the top modal if one is open, else the newest message that offers it. */
export type On = SeenMessage | 'home' | undefined;

interface Surface {
  key: string;
  blocks: KnownBlock[];
  on: Extract<ClientAction, { action: 'act' }>['on'];
}

export class Person {
  readonly id: string;
  readonly #core: Core;
  readonly #typed = new Map<string, StateValues>();
  #notices: string[] = [];
  #errors: Record<string, string> = {};

  constructor(core: Core, id: string) {
    this.#core = core;
    this.id = id;
    core.workspace.changes.listen((change) => {
      if (change.type === 'reset') this.#forget();
      if (!('user' in change) || change.user !== id) return;
      if (change.type === 'slackbot') this.#notices.push(change.text);
      if (change.type === 'view_errors') this.#errors = change.errors;
      if (change.type === 'views') this.#errors = {};
    });
  }

  /** Types into a channel ("#incidents" or its id), or into the thread of a message. */
  type(channel: string, text: string, thread?: SeenMessage): Promise<Outcome> {
    const threadTs = thread?.threadTs ?? thread?.ts;
    return this.#do({ action: 'type', channel: this.#channelId(channel), text, ...(threadTs ? { threadTs } : {}) });
  }

  /** Messages as this person sees them, oldest first: of a channel, of a message's thread, or all. */
  sees(where?: string | SeenMessage): SeenMessage[] {
    const { workspace } = this.#core;
    const channels =
      typeof where === 'string' ? [this.#channelId(where)] : visibleChannels(this.#core, this.id).map((c) => c.id);
    return channels
      .flatMap((channel) => workspace.messages.of(channel))
      .filter((m) => m.ephemeralFor === undefined || m.ephemeralFor === this.id)
      .filter((m) => typeof where !== 'object' || m.threadTs === where.ts)
      .map((m) => messageView(this.#core, m))
      .map((m) => ({ ...m, reads: this.#reads(m) }));
  }

  /** The newest message whose text matches. */
  message(pattern: RegExp, where?: string | SeenMessage): SeenMessage | undefined {
    return this.sees(where).findLast((m) => pattern.test(m.reads) || pattern.test(m.text));
  }

  /** What Slackbot said, oldest first. */
  notices(): readonly string[] {
    return this.#notices;
  }

  /** The top modal with its words, or nothing. */
  modal(): (OpenView & { title: string; reads: string; errors: Record<string, string> }) | undefined {
    const top = openViews(this.#core, this.id).at(-1);
    if (!top) return undefined;
    const title = 'title' in top.view ? (top.view.title?.text ?? '') : '';
    const reads = visibleText(this.#core.workspace, viewBlocks(top.view), this.#typed.get(top.id));
    return { ...top, title, reads, errors: this.#errors };
  }

  /** The app's Home tab as it stands. */
  home(): string | undefined {
    const stored = this.#core.workspace.views.home(this.id);
    return stored && visibleText(this.#core.workspace, viewBlocks(stored.view), this.#typed.get(stored.id));
  }

  /** Presses a button by its words; a confirm dialog is answered with yes. */
  click(words: Words, on?: On): Promise<Outcome> {
    const [surface, { blockId, element }] = this.#find(words, on, (blocks) =>
      findButton(this.#core.workspace, blocks, words),
    );
    const { text, value, style } = element;
    return this.#act(surface, { blockId, element }, { text, value, style });
  }

  /** Chooses in a select by the option's words; an external one is asked with `query` first. */
  async select(field: Words, option: Words, { query = '', on }: { query?: string; on?: On } = {}): Promise<Outcome> {
    const [surface, found] = this.#find(field, on, (blocks) => findField(this.#core.workspace, blocks, field));
    const isExternal = found.element.type.includes('external');
    const options = isExternal ? await this.#suggested(surface, found, query) : optionsOf(found.element);
    const chosen = findOption(this.#core.workspace, options, option);
    if (!chosen) throw new Error(`No option "${String(option)}" among: ${options.map((o) => o.text.text).join(', ')}`);
    if (!found.element.type.startsWith('multi_')) return this.#act(surface, found, { selected_option: chosen });
    return this.#act(surface, found, { selected_options: [...this.#chosen(surface, found), chosen] });
  }

  /** The texts an external select offers for a query. */
  async suggestions(field: Words, query: string, on?: On): Promise<string[]> {
    const [surface, found] = this.#find(field, on, (blocks) => findField(this.#core.workspace, blocks, field));
    return (await this.#suggested(surface, found, query)).map((option) => option.text.text);
  }

  /** Ticks or unticks a checkbox by its words, or chooses a radio button or an overflow entry. */
  check(words: Words, { ticked = true, on }: { ticked?: boolean; on?: On } = {}): Promise<Outcome> {
    const types = ['checkboxes', 'radio_buttons', 'overflow'];
    const [surface, found] = this.#find(words, on, (blocks) => findChoice(this.#core.workspace, blocks, words, types));
    if (found.element.type !== 'checkboxes') return this.#act(surface, found, { selected_option: found.option });
    const others = this.#chosen(surface, found).filter((option) => option.value !== found.option.value);
    return this.#act(surface, found, { selected_options: ticked ? [...others, found.option] : others });
  }

  /** Types into a text input by its label. */
  fill(field: Words, value: string, on?: On): Promise<Outcome> {
    const [surface, found] = this.#find(field, on, (blocks) => findField(this.#core.workspace, blocks, field));
    return this.#act(surface, found, { value: value === '' ? null : value });
  }

  /** Submits the top modal as filled in. */
  submit(): Promise<Outcome> {
    const { id } = this.#top();
    return this.#do({ action: 'submit', viewId: id, state: this.#typed.get(id) ?? {} });
  }

  close({ all = false } = {}): Promise<Outcome> {
    return this.#do({ action: 'close', viewId: this.#top().id, all });
  }

  /** A global shortcut by its name in the menu. */
  shortcut(name: string): Promise<Outcome> {
    return this.#do({ action: 'shortcut', callbackId: this.#callbackId(name, 'global') });
  }

  /** A message shortcut by its name in the menu. */
  messageShortcut(name: string, { channel, ts }: SeenMessage): Promise<Outcome> {
    return this.#do({ action: 'message_shortcut', callbackId: this.#callbackId(name, 'message'), channel, ts });
  }

  openHome(): Promise<Outcome> {
    return this.#do({ action: 'open_home' });
  }

  react({ channel, ts }: SeenMessage, name: string): Promise<Outcome> {
    return this.#do({ action: 'react', channel, ts, name });
  }

  delete({ channel, ts }: SeenMessage): Promise<Outcome> {
    return this.#do({ action: 'delete', channel, ts });
  }

  #forget(): void {
    this.#typed.clear();
    this.#notices = [];
    this.#errors = {};
  }

  #do(action: ClientAction): Promise<Outcome> {
    return perform(this.#core, this.id, action);
  }

  #top(): OpenView {
    const top = openViews(this.#core, this.id).at(-1);
    if (!top) throw new Error(`${this.id} has no modal open`);
    return top;
  }

  #channelId(channel: string): string {
    const name = channel.replace(/^#/, '');
    return visibleChannels(this.#core, this.id).find((c) => c.name === name)?.id ?? channel;
  }

  #callbackId(name: string, type: 'global' | 'message'): string {
    const found = this.#core.manifest.features.shortcuts.find((s) => s.name === name && s.type === type);
    if (!found) throw new Error(`The manifest has no ${type} shortcut "${name}"`);
    return found.callback_id;
  }

  #reads(message: MessageView): string {
    const { workspace } = this.#core;
    if (!message.blocks) return shown(workspace, message.text);
    return visibleText(workspace, message.blocks, this.#typed.get(messageKey(message)));
  }

  #surfaces(on: On): Surface[] {
    if (on === 'home') {
      const stored = this.#core.workspace.views.home(this.id);
      return stored ? [{ key: stored.id, blocks: viewBlocks(stored.view), on: { home: true } }] : [];
    }
    const top = openViews(this.#core, this.id).at(-1);
    if (!on && top) return [{ key: top.id, blocks: viewBlocks(top.view), on: { viewId: top.id } }];
    const messages = on ? this.sees(on.channel).filter((m) => m.ts === on.ts) : this.sees().toReversed();
    return messages.map((m) => ({ key: messageKey(m), blocks: m.blocks ?? [], on: { channel: m.channel, ts: m.ts } }));
  }

  #find<F extends Found>(words: Words, on: On, look: (blocks: KnownBlock[]) => F | undefined): [Surface, F] {
    const surfaces = this.#surfaces(on);
    for (const surface of surfaces) {
      const found = look(surface.blocks);
      if (found) return [surface, found];
    }
    const seen = surfaces.slice(0, 3).map(({ blocks }) => visibleText(this.#core.workspace, blocks));
    throw new Error(`${this.id} does not see "${String(words)}". There is:\n${seen.join('\n---\n')}`);
  }

  #chosen(surface: Surface, { blockId, element }: Found): Option[] {
    const state = fullState(surface.blocks, this.#typed.get(surface.key) ?? {});
    const value = state[blockId]?.[element.action_id ?? ''] as { selected_options?: Option[] } | undefined;
    return value?.selected_options ?? [];
  }

  #act(surface: Surface, { blockId, element }: Found, value: Record<string, unknown>): Promise<Outcome> {
    const actionId = element.action_id ?? '';
    const acted = { type: element.type, ...value };
    const typed = { ...this.#typed.get(surface.key) };
    if (element.type !== 'button' && element.type !== 'overflow') {
      typed[blockId] = { ...typed[blockId], [actionId]: acted };
      this.#typed.set(surface.key, typed);
    }
    const state = fullState(surface.blocks, typed);
    return this.#do({
      action: 'act',
      on: surface.on,
      element: { ...acted, action_id: actionId, block_id: blockId },
      state,
    });
  }

  async #suggested(surface: Surface, { blockId, element }: Found, query: string): Promise<Option[]> {
    if ('home' in surface.on) throw new Error('external selects on the Home tab are not asked for here');
    const actionId = element.action_id ?? '';
    const outcome = await this.#do({ action: 'suggest', on: surface.on, blockId, actionId, query });
    if (!outcome.ok) throw new Error(`No suggestions for "${query}": ${outcome.error}`);
    return optionsOf(outcome as unknown as Found['element']);
  }
}

const messageKey = ({ channel, ts }: MessageView): string => `${channel}/${ts}`;
