/**
 * Ids of buttons and checkboxes in messages, stable and without a version: a message of last month must still be understood. `value` is
 * a JSON text of the rollback's name and, where it matters, the service or the holder.
 */
import { z } from 'zod';
import { BUTTON_VALUE_MAX } from '#blocks/elements.ts';

export const ACTION_IDS = {
  takeOver: 'rollback.take_over',
  cancel: 'rollback.cancel',
  undo: 'rollback.undo',
  chooseVersion: 'rollback.choose_version',
  goFurtherBack: 'rollback.go_further_back',
  retry: 'rollback.retry',
  leave: 'rollback.leave',
  showCommands: 'rollback.show_commands',
  waitLonger: 'rollback.wait_longer',
  resolve: 'rollback.resolve',
  watchLonger: 'rollback.watch_longer',
  seePlan: 'rollback.see_plan',
  check: 'rollback.check',
  checkFailed: 'rollback.check_failed',
  checkNotNeeded: 'rollback.check_not_needed',
} as const;

export const ButtonValue = z.object({
  rollback: z.string(),
  service: z.string().optional(),
  /** Whom the message with the button named as the holder: a user id. Not there in messages of older versions. */
  holder: z.string().optional(),
});
export type ButtonValue = z.infer<typeof ButtonValue>;

/** Within Slack's limit: a service whose name does not fit is left out, and the form asks for it. */
export function encodeButtonValue({ rollback, ...more }: ButtonValue): string {
  const whole = JSON.stringify({ rollback, ...more });
  return whole.length <= BUTTON_VALUE_MAX ? whole : JSON.stringify({ rollback });
}

/** undefined: not one of ours. */
export function decodeButtonValue(text: string | undefined): ButtonValue | undefined {
  try {
    const { success, data } = ButtonValue.safeParse(JSON.parse(text ?? ''));
    return success ? data : undefined;
  } catch {
    return undefined;
  }
}
