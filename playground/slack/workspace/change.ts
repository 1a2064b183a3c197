import type { Message } from './messages.ts';

/** What changed in the workspace; clients turn it into what their person may see. */
export type Change =
  | { type: 'message'; message: Message }
  | { type: 'message_deleted'; message: Message }
  /** The modal stack of a person. */
  | { type: 'views'; user: string }
  | { type: 'view_errors'; user: string; viewId: string; errors: Record<string, string> }
  | { type: 'home'; user: string }
  | { type: 'slackbot'; user: string; channel?: string; text: string }
  | { type: 'app'; connected: boolean }
  | { type: 'clock'; now: number }
  /** Everything is as in the beginning. */
  | { type: 'reset' };

type ChangeListener = (change: Change) => void;

/** Everybody who listens hears every change, in order. */
export class ChangeFeed {
  readonly #listeners = new Set<ChangeListener>();

  /** Returns its cancellation. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
