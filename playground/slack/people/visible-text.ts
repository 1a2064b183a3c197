/** What a message or view reads like to a person: every text of its blocks, line by line, mentions and links as shown. */
import type { KnownBlock } from '@slack/types';
import type { StateValues } from '../client-protocol.ts';
import { fullState } from '../interaction/state.ts';
import type { Workspace } from '../workspace.ts';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** mrkdwn as shown: mentions by name, links by their text, entities undone. Marks such as *bold* stay. */
export function shown(workspace: Workspace, text: string): string {
  return text
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${workspace.users.get(id)?.realName ?? id}`)
    .replace(/<#(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `#${workspace.channels.get(id)?.name ?? id}`)
    .replace(/<!subteam\^(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${workspace.usergroups.get(id)?.handle ?? id}`)
    .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<([^|>]+)\|([^>]+)>/g, '$2')
    .replace(/<(https?:[^>]+)>/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/** The words of a text object, an option, a button. */
export function wordsOf(workspace: Workspace, value: unknown): string {
  if (typeof value === 'string') return shown(workspace, value);
  if (!isFields(value)) return '';
  const { type, text } = value;
  if (type === 'plain_text') return String(text);
  return typeof text === 'string' ? shown(workspace, text) : wordsOf(workspace, text);
}

function chosenValues(value: unknown): unknown[] {
  if (!isFields(value)) return [];
  const several = list(value['selected_options']);
  return [value['selected_option'], ...several].filter(isFields).map((option) => option['value']);
}

function elementLine(workspace: Workspace, element: Fields, value: unknown): string {
  const words = (v: unknown): string => wordsOf(workspace, v);
  const chosen = chosenValues(value);
  switch (element['type']) {
    case 'button':
    case 'workflow_button':
      return `[${words(element['text'])}]`;
    case 'image':
      return words(element['alt_text']);
    case 'checkboxes':
    case 'radio_buttons':
      return list(element['options'])
        .map((option) =>
          `${chosen.includes(option['value']) ? '☑' : '☐'} ${words(option)} ${words(option['description'])}`.trim(),
        )
        .join('\n');
    case 'overflow':
      return '[…]';
    default: {
      const held = isFields(value) ? (value['selected_option'] ?? value['value']) : undefined;
      return `(${words(held) || words(element['placeholder']) || '…'})`;
    }
  }
}

function richText(workspace: Workspace, element: Fields): string {
  if (element['type'] === 'user') return shown(workspace, `<@${String(element['user_id'])}>`);
  if (typeof element['text'] === 'string') return element['text'];
  const glue = element['type'] === 'rich_text' || element['type'] === 'rich_text_list' ? '\n' : '';
  return list(element['elements'])
    .map((child) => richText(workspace, child))
    .join(glue);
}

function blockLines(workspace: Workspace, block: Fields, state: StateValues): string[] {
  const words = (v: unknown): string => wordsOf(workspace, v);
  const line = (element: Fields): string =>
    elementLine(workspace, element, state[String(block['block_id'])]?.[String(element['action_id'])]);
  if (block['type'] === 'rich_text') return [richText(workspace, block)];
  const rows = Array.isArray(block['rows']) ? (block['rows'] as unknown[]) : [];
  const own = [block['title'], block['text'], block['label'], block['alt_text'], block['caption'], block['hint']].map(
    words,
  );
  const fields = list(block['fields']).map(words);
  const isContext = block['type'] === 'context';
  const elements = list(block['elements']).map((e) => (isContext && e['type'] !== 'image' ? words(e) : line(e)));
  const single = [block['element'], block['accessory']].filter(isFields).map(line);
  const tasks = list(block['tasks']).flatMap((task) => blockLines(workspace, task, state));
  const status = block['type'] === 'task_card' ? [String(block['status'])] : [];
  const cells = rows.map((row) =>
    list(row)
      .map((cell) => richText(workspace, cell) || JSON.stringify(cell['value'] ?? ''))
      .join(' | '),
  );
  const children = list(block['child_blocks']).flatMap((child) => blockLines(workspace, child, state));
  return [...own, ...status, ...fields, elements.join(' '), ...single, ...tasks, ...cells, ...children];
}

/** Everything there is to read, one line per thing. Choices show as ☑ and ☐, buttons as [Words]. */
export function visibleText(workspace: Workspace, blocks: KnownBlock[] | undefined, typed: StateValues = {}): string {
  const state = fullState(blocks ?? [], typed);
  return (blocks ?? [])
    .flatMap((block) => blockLines(workspace, block as unknown as Fields, state))
    .filter((line) => line !== '')
    .join('\n');
}
