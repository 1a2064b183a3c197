/** What a whole message or view may be: number of blocks, ids, one table, a modal's texts. */
import { blockOn } from '../block-rules.ts';
import type { Surface } from '../block-rules.ts';
import { blockLimits, messageLimits, viewLimits } from '../limits.ts';
import { SlackError, refuseProblems } from '../slack-error.ts';
import { anything, both, flag, isFields, lengthOf, listOf, oneOf, problemsOf, shape, text } from './rule.ts';
import type { Fields, Rule } from './rule.ts';
import { plainText } from './text-rules.ts';

function blocksOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

const distinctBlockIds: Rule = (value, at, report) => {
  const seen = new Set<unknown>();
  for (const [index, block] of blocksOf(value).entries()) {
    const id = block['block_id'];
    if (typeof id !== 'string') continue;
    if (seen.has(id)) report({ at: `${at}/${index}/block_id`, message: `\`block_id\` ${id} already exists` });
    seen.add(id);
  }
};

/** Within one block each action_id may stand once. */
const distinctActionIds: Rule = (value, at, report) => {
  for (const [index, block] of blocksOf(value).entries()) {
    const ids = blocksOf(block['elements']).flatMap((element) => (element['action_id'] ? [element['action_id']] : []));
    if (new Set(ids).size < ids.length)
      report({ at: `${at}/${index}/elements`, message: '`action_id` already exists' });
  }
};

const oneTable: Rule = (value, at, report) => {
  const tables = blocksOf(value).filter((block) => block['type'] === 'table' || block['type'] === 'data_table');
  if (tables.length > 1) report({ at, message: 'only one table is allowed' });
};

const planOrTasks: Rule = (value, at, report) => {
  const kinds = new Set(blocksOf(value).map((block) => block['type']));
  if (kinds.has('plan') && kinds.has('task_card')) report({ at, message: 'may not hold both plan and task_card' });
};

function focusedOnce(value: unknown, at: string, report: Parameters<Rule>[2]): void {
  const focused = blocksOf(value)
    .flatMap((block) => [block['element'], block['accessory'], ...blocksOf(block['elements'])])
    .filter((element) => isFields(element) && element['focus_on_load'] === true);
  if (focused.length > 1) report({ at, message: 'only one element may have focus_on_load' });
}

function blockList(surface: Surface, max: number): Rule {
  return both(listOf(blockOn[surface], { min: 0, max }), distinctBlockIds, distinctActionIds);
}

/** All the cells of one table together. */
const tableSize: Rule = (value, at, report) => {
  for (const [index, block] of blocksOf(value).entries()) {
    if (block['rows'] === undefined || textLength(block['rows']) <= blockLimits.tableText) continue;
    report({ at: `${at}/${index}/rows`, message: `must be less than ${blockLimits.tableText + 1} characters` });
  }
};

const messageBlocks = both(blockList('message', messageLimits.blocks), oneTable, tableSize, planOrTasks);

/** Every text of every block, added up as Slack does for `msg_blocks_too_long`. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, field]) => sum + (key === 'text' && typeof field === 'string' ? lengthOf(field) : textLength(field)),
    0,
  );
}

function markdownLength(blocks: unknown): number {
  return blocksOf(blocks)
    .filter((block) => block['type'] === 'markdown')
    .reduce((sum, block) => sum + lengthOf(String(block['text'])), 0);
}

/** Refuses a message's blocks as `chat.postMessage` does: `invalid_blocks`, `msg_blocks_too_long`. */
export function checkMessageBlocks(blocks: unknown): void {
  refuseProblems('invalid_blocks', problemsOf(messageBlocks, blocks, '/blocks'));
  const markdown = markdownLength(blocks);
  if (markdown > messageLimits.markdown || textLength(blocks) - markdown > messageLimits.blockText) {
    throw new SlackError('msg_blocks_too_long');
  }
}

const meta = {
  private_metadata: text(viewLimits.privateMetadata, 0),
  callback_id: text(255, 0),
  external_id: text(255, 0),
};

const needsSubmit: Rule = (value, at, report) => {
  if (!isFields(value) || value['submit']) return;
  if (blocksOf(value['blocks']).some((block) => block['type'] === 'input')) {
    report({ at, message: 'missing required field: submit' });
  }
};

const modal: Rule = both(
  shape(
    {
      type: oneOf('modal'),
      title: plainText(viewLimits.title),
      blocks: both(blockList('modal', viewLimits.blocks), focusedOnce),
    },
    {
      ...meta,
      submit: plainText(viewLimits.submit),
      close: plainText(viewLimits.close),
      clear_on_close: flag,
      notify_on_close: flag,
      submit_disabled: flag,
    },
  ),
  needsSubmit,
);

const home: Rule = shape(
  { type: oneOf('home'), blocks: both(blockList('home', viewLimits.blocks), focusedOnce) },
  { ...meta, title: anything, submit: anything, close: anything },
);

/** Refuses a view as `views.*` do: `view_too_large`, `invalid_arguments` with what is wrong. */
export function checkView(view: unknown, type: 'modal' | 'home'): void {
  if (Buffer.byteLength(JSON.stringify(view) ?? '') > viewLimits.jsonBytes) throw new SlackError('view_too_large');
  refuseProblems('invalid_arguments', problemsOf(type === 'modal' ? modal : home, view, '/view'));
}
