import { describe, expect, it } from '@jest/globals';
import { surfaces } from '#playground/slack/block-rules.ts';
import type { Surface } from '#playground/slack/block-rules.ts';
import { checkMessageBlocks, checkView } from '#playground/slack/rules/surface-rules.ts';
import type { SlackError } from '#playground/slack/slack-error.ts';
import { button, input, plain, section } from './builders.ts';

const richText = {
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
};
const cell = { type: 'raw_text', text: 'x' };
const task = { type: 'task_card', task_id: 't1', title: 'Patch', status: 'in_progress', output: richText };
const card = { type: 'card', title: { type: 'mrkdwn', text: 'x' } };

/** The smallest valid block of each type. */
const smallest: Record<string, object> = {
  actions: { type: 'actions', elements: [button('Go')] },
  alert: { type: 'alert', text: plain('Careful'), level: 'warning' },
  card,
  carousel: { type: 'carousel', elements: [card] },
  container: { type: 'container', title: plain('More'), child_blocks: [section('x')] },
  context: { type: 'context', elements: [plain('x')] },
  context_actions: {
    type: 'context_actions',
    elements: [{ type: 'icon_button', action_id: 'a', icon: 'trash', text: plain('Delete') }],
  },
  data_table: { type: 'data_table', caption: 'Pods', rows: [[cell], [cell]] },
  divider: { type: 'divider' },
  header: { type: 'header', text: plain('x') },
  image: { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'a' },
  input: input('reason', 'Reason'),
  markdown: { type: 'markdown', text: '**x**' },
  plan: { type: 'plan', title: 'Rollback', tasks: [task] },
  rich_text: richText,
  section: section('x'),
  table: { type: 'table', rows: [[cell]] },
  task_card: task,
  video: {
    type: 'video',
    alt_text: 'x',
    title: plain('x'),
    thumbnail_url: 'https://example.com/a.png',
    video_url: 'https://example.com/v',
  },
};

const check: Record<Surface, (block: object) => void> = {
  message: (block) => checkMessageBlocks([block]),
  modal: (block) => checkView({ type: 'modal', title: plain('x'), submit: plain('Send'), blocks: [block] }, 'modal'),
  home: (block) => checkView({ type: 'home', blocks: [block] }, 'home'),
};

const wordOf: Record<Surface, string> = {
  message: 'invalid_blocks',
  modal: 'invalid_arguments',
  home: 'invalid_arguments',
};

const everywhere = Object.keys(check) as Surface[];
const rows = Object.entries(surfaces).flatMap(([type, allowed]) =>
  everywhere.map((surface) => [type, surface, allowed.includes(surface)] as const),
);

describe('the surfaces of blocks', () => {
  it('are known for every block there is an example of', () => {
    expect(Object.keys(surfaces).toSorted()).toEqual(Object.keys(smallest).toSorted());
  });

  it.each(rows.filter(([, , allowed]) => allowed))('%s may stand in a %s', (type, surface) => {
    expect(() => check[surface](smallest[type]!)).not.toThrow();
  });

  it.each(rows.filter(([, , allowed]) => !allowed))('%s may not stand in a %s', (type, surface) => {
    let refused: SlackError | undefined;
    try {
      check[surface](smallest[type]!);
    } catch (error) {
      refused = error as SlackError;
    }
    expect(refused?.error).toBe(wordOf[surface]);
    expect(JSON.stringify(refused?.more)).toContain(`unsupported type: ${type}`);
  });
});
