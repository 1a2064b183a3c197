/** Buttons and checkboxes of messages, by action id. */
import { ACTION_IDS } from '#messages/action-ids.ts';
import type { Click } from '../click.ts';
import type { Room } from '../room.ts';
import { cancel } from './cancel.ts';
import { checkAnswerAction } from './check-answer.ts';
import { check } from './check.ts';
import { leave } from './leave.ts';
import { newPlanAction, onwardAction, retryAction } from './onward.ts';
import { resolve } from './resolve.ts';
import { showCommands } from './show-commands.ts';
import { takeOver } from './take-over.ts';
import { waitLonger } from './wait-longer.ts';
import { watchLonger } from './watch-longer.ts';

export type ClickHandler = (room: Room, click: Click) => Promise<void>;

const BY_NAME: Record<keyof typeof ACTION_IDS, ClickHandler> = {
  takeOver,
  cancel,
  undo: onwardAction('undo'),
  chooseVersion: onwardAction('retry'),
  goFurtherBack: onwardAction('further-back'),
  retry: retryAction,
  leave,
  showCommands,
  waitLonger,
  resolve,
  watchLonger,
  seePlan: newPlanAction,
  check,
  checkFailed: checkAnswerAction('fail'),
  checkNotNeeded: checkAnswerAction('not-needed'),
};

export const messageActions: ReadonlyMap<string, ClickHandler> = new Map(
  Object.entries(ACTION_IDS).map(([name, id]) => [id, BY_NAME[name as keyof typeof ACTION_IDS]]),
);
