/** Making a slot: the one place that knows where a rollback's messages go, how a drill is marked and that Slack has limits. */
import type { KnownBlock } from '@slack/types';
import { section } from '#blocks/blocks.ts';
import { cut, oneLine } from '#blocks/escape.ts';
import { fit, MESSAGE_TEXT_MAX } from '#blocks/fit.ts';
import type { Told } from './said.ts';
import type { Slot } from './slot.ts';

const DRILL = 'DRILL — ';

/** Keys others refer to. */
export const ROOT = 'root';
export const OUTCOME = 'outcome';

interface Said {
  key: string;
  /** One full sentence that stands alone. No bold, for notifications show the asterisks. */
  text: string;
  blocks: KnownBlock[];
  urgency: Slot['urgency'];
}

function marked(block: KnownBlock): KnownBlock {
  return block.type === 'section' && block.text ? section(DRILL + block.text.text, block.accessory) : block;
}

/** A message of the channel. In a drill its text and its first block begin with "DRILL — ". */
export function post({ spec, status }: Told, { key, text, blocks, urgency }: Said): Slot {
  const [first, ...rest] = blocks;
  const whole = spec.drill && first ? [marked(first), ...rest] : blocks;
  return {
    key,
    channel: status.plan.environment.channel,
    text: cut((spec.drill ? DRILL : '') + oneLine(text), MESSAGE_TEXT_MAX),
    blocks: fit(whole),
    urgency,
  };
}

/** In the thread of INITIATED, where the incident's timeline stands. */
export function reply(rollback: Told, said: Said): Slot {
  return { ...post(rollback, said), thread: ROOT };
}

/** A reply shown in the channel as well: what needs a person. */
export function broadcast(rollback: Told, said: Said): Slot {
  return { ...reply(rollback, said), broadcast: true };
}

/** This slot was rendered before, so that its message has to be kept up to date. */
export function isPosted({ status }: Told, key: string): boolean {
  return status.slack[key] !== undefined;
}
