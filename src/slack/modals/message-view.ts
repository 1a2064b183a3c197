/** Views that only say something: loading, receipts, refusals after the form. */
import type { KnownBlock, ModalView } from '@slack/types';
import { mrkdwn, plain } from '#blocks/elements.ts';
import { MESSAGE_VIEW } from '../form/ids.ts';

/** `text`: mrkdwn, escaped. `metadata`: what the view must remember. */
export function messageView(heading: string, text: string, metadata = '', blocks: KnownBlock[] = []): ModalView {
  return {
    type: 'modal',
    callback_id: MESSAGE_VIEW,
    title: plain(heading),
    close: plain('Close'),
    private_metadata: metadata,
    blocks: [{ type: 'section', text: mrkdwn(text) }, ...blocks],
  };
}

/** Opened before anything is read: a trigger lives three seconds. */
export function loadingView(heading: string, metadata = ''): ModalView {
  const text =
    ':hourglass_flowing_sand: Reading the cluster…\nIf this stays, close it and try again: nothing was started.';
  return messageView(heading, text, metadata);
}
