/** What should exist in Slack for one rollback: `render(rollback)` answers a list of slots, and notify/ posts or edits until Slack agrees. */
import type { KnownBlock } from '@slack/types';

export interface Slot {
  /**
   * Stable for the life of the rollback: `root`, `outcome`, `checklist`, `needs-person/1`, `timeline/<n>`, …. It rides in the message's
   * metadata, so that a message whose reply was lost is found again.
   */
  key: string;
  channel: string;
  /** Key of the slot in whose thread it stands. Absent: a message of the channel. */
  thread?: string;
  /** A thread reply also sent to the channel (what needs a person). */
  broadcast?: boolean;
  /** One full sentence that stands alone: notifications and screen readers use it. */
  text: string;
  blocks: KnownBlock[];
  /** Which edits go first when the budget is short (design §6). */
  urgency: 'outcome' | 'buttons' | 'ticks' | 'progress';
}
