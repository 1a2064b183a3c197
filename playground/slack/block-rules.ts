/**
 * Blocks: what each may hold, and which may stand on which surface. Sources: Slack's block reference and, where it is silent, what
 * others measured (limits.ts says which). A block on the wrong surface is "unsupported", as Slack answers.
 */
import { blockLimits, messageLimits } from './limits.ts';
import {
  accessory,
  actionElement,
  cardButton,
  contextActionElement,
  image,
  inputElement,
} from './rules/element-rules.ts';
import { anything, atLeastOne, both, byType, flag, integer, listOf, oneOf, shape, text } from './rules/rule.ts';
import type { Rule } from './rules/rule.ts';
import { anyText, plainText } from './rules/text-rules.ts';

export type Surface = 'message' | 'modal' | 'home';

/** Which block stands where. */
export const surfaces: Record<string, readonly Surface[]> = {
  actions: ['message', 'modal', 'home'],
  alert: ['modal'],
  card: ['message'],
  carousel: ['message'],
  container: ['message'],
  context: ['message', 'modal', 'home'],
  context_actions: ['message'],
  data_table: ['message'],
  divider: ['message', 'modal', 'home'],
  header: ['message', 'modal', 'home'],
  image: ['message', 'modal', 'home'],
  input: ['modal', 'home'],
  markdown: ['message'],
  plan: ['message'],
  rich_text: ['message', 'modal', 'home'],
  section: ['message', 'modal', 'home'],
  table: ['message'],
  task_card: ['message'],
  video: ['message', 'modal', 'home'],
};

function block(type: string, required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule {
  return shape({ type: oneOf(type), ...required }, { block_id: text(blockLimits.id), ...optional });
}

const richText = block('rich_text', {
  elements: listOf(
    byType({
      rich_text_section: shape({ type: anything, elements: listOf(anything, { min: 0, max: 10_000 }) }),
      rich_text_list: shape(
        { type: anything, elements: listOf(anything, { max: 1000 }), style: oneOf('bullet', 'ordered') },
        {
          indent: integer(0, 8),
          offset: integer(0, 10_000),
          border: integer(0, 1),
        },
      ),
      rich_text_preformatted: shape(
        { type: anything, elements: listOf(anything, { max: 10_000 }) },
        {
          border: integer(0, 1),
          language: text(100),
        },
      ),
      rich_text_quote: shape(
        { type: anything, elements: listOf(anything, { max: 10_000 }) },
        { border: integer(0, 1) },
      ),
    }),
    { max: 1000 },
  ),
});

const section = both(
  block(
    'section',
    {},
    {
      text: anyText(blockLimits.sectionText),
      fields: listOf(anyText(blockLimits.fieldText), { max: blockLimits.fields }),
      accessory,
      expand: flag,
    },
  ),
  atLeastOne('text', 'fields'),
);

const imageBlock = both(
  block(
    'image',
    { alt_text: text(blockLimits.altText) },
    {
      image_url: text(blockLimits.url),
      slack_file: anything,
      title: plainText(blockLimits.imageTitle),
    },
  ),
  atLeastOne('image_url', 'slack_file'),
);

const input = block(
  'input',
  { label: plainText(blockLimits.label), element: inputElement },
  {
    hint: plainText(blockLimits.hint),
    optional: flag,
    dispatch_action: flag,
  },
);

const task = block(
  'task_card',
  {
    task_id: text(blockLimits.id),
    title: text(blockLimits.sectionText),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  {
    details: richText,
    output: richText,
    sources: listOf(anything, { min: 0, max: 100 }),
  },
);

const cell = byType({
  raw_text: shape({ type: anything, text: text(messageLimits.markdown, 0) }),
  raw_number: shape({ type: anything, value: anything }, { text: text(100) }),
  rich_text: richText,
});
const headerCell = byType({
  raw_text: shape({ type: anything, text: text(messageLimits.markdown, 0) }),
  raw_number: shape({ type: anything, value: anything }, { text: text(100) }),
});
const row = listOf(cell, { max: blockLimits.tableColumns });

const equalWidth: Rule = (value, at, report) => {
  if (!Array.isArray(value)) return;
  const widths = new Set(value.map((cells) => (Array.isArray(cells) ? cells.length : -1)));
  if (widths.size > 1) report({ at, message: 'all rows must have the same number of cells' });
};
const headerFirst: Rule = (value, at, report) => {
  if (Array.isArray(value) && Array.isArray(value[0])) {
    for (const [index, first] of value[0].entries()) headerCell(first, `${at}/0/${index}`, report);
  }
};

const card = both(
  block(
    'card',
    {},
    {
      hero_image: image,
      icon: image,
      title: anyText(blockLimits.cardTitle),
      subtitle: anyText(blockLimits.cardTitle),
      body: anyText(blockLimits.cardBody),
      actions: listOf(cardButton, { max: blockLimits.cardButtons }),
    },
  ),
  atLeastOne('hero_image', 'title', 'actions', 'body'),
);

const actions = block('actions', { elements: listOf(actionElement, { max: blockLimits.actionsElements }) });
const context = block('context', {
  elements: listOf(
    byType({ image, plain_text: anyText(blockLimits.contextText), mrkdwn: anyText(blockLimits.contextText) }),
    {
      max: blockLimits.contextElements,
    },
  ),
});
const divider = block('divider', {});
const header = block('header', { text: plainText(blockLimits.header) });

const video = block(
  'video',
  {
    alt_text: text(blockLimits.altText),
    title: plainText(blockLimits.videoTitle - 1),
    thumbnail_url: text(blockLimits.url),
    video_url: text(blockLimits.url),
  },
  {
    author_name: text(49),
    description: plainText(blockLimits.videoTitle),
    provider_icon_url: text(blockLimits.url),
    provider_name: text(blockLimits.videoTitle),
    title_url: text(blockLimits.url),
  },
);

const classic: Record<string, Rule> = {
  actions,
  context,
  divider,
  header,
  image: imageBlock,
  rich_text: richText,
  section,
  video,
};

const every: Record<string, Rule> = {
  ...classic,
  input,
  video,
  alert: block(
    'alert',
    { text: anyText(blockLimits.alertText) },
    {
      level: oneOf('default', 'info', 'warning', 'error', 'success'),
    },
  ),
  card,
  carousel: block('carousel', { elements: listOf(card, { max: blockLimits.carouselCards }) }),
  container: both(
    block(
      'container',
      { child_blocks: listOf(byType(classic), { max: blockLimits.containerBlocks }) },
      {
        title: plainText(blockLimits.containerTitle),
        rich_text_title: richText,
        subtitle: anyText(blockLimits.containerTitle),
        width: oneOf('narrow', 'standard', 'wide', 'full'),
        icon: image,
        is_collapsible: flag,
        default_collapsed: flag,
        has_header_divider: flag,
      },
    ),
    atLeastOne('title', 'rich_text_title'),
  ),
  context_actions: block('context_actions', {
    elements: listOf(contextActionElement, { max: blockLimits.contextActionsElements }),
  }),
  data_table: block(
    'data_table',
    {
      caption: text(blockLimits.sectionText),
      rows: both(listOf(row, { min: 2, max: blockLimits.dataTableRows }), equalWidth, headerFirst),
    },
    { page_size: integer(1, 100), row_header_column_index: integer(0, blockLimits.tableColumns - 1) },
  ),
  markdown: block('markdown', { text: text(messageLimits.markdown) }),
  plan: block('plan', { title: text(blockLimits.sectionText) }, { tasks: listOf(task, { min: 0, max: 1000 }) }),
  table: block(
    'table',
    { rows: both(listOf(row, { max: blockLimits.tableRows }), equalWidth) },
    {
      column_settings: listOf(anything, { max: blockLimits.tableColumns }),
    },
  ),
  task_card: task,
};

function rulesOf(surface: Surface): Rule {
  return byType(Object.fromEntries(Object.entries(every).filter(([type]) => surfaces[type]?.includes(surface))));
}

/** One block of a surface. */
export const blockOn: Record<Surface, Rule> = {
  message: rulesOf('message'),
  modal: rulesOf('modal'),
  home: rulesOf('home'),
};
