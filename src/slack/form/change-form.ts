/** A choice in the form was changed: the rest is worked out anew. */
import type { Person } from '#rollback/spec.ts';
import type { Room } from '../room.ts';
import { selectionOf } from './form-state.ts';
import { readForm, type SentView } from './read-form.ts';
import { fillForm } from './show-form.ts';

/** The newest choice that this replica saw, per view. Only an optimisation: the hash decides between replicas. */
export interface Newest {
  /** Marks this one as the newest, unless one made after it came first; answers whether it is, then and later. */
  take(viewId: string, madeAt: number): () => boolean;
}

const KEPT_VIEWS = 500;

export function createNewest(): Newest {
  const newest = new Map<string, { madeAt: number }>();
  return {
    take(viewId, madeAt) {
      if ((newest.get(viewId)?.madeAt ?? 0) > madeAt) return () => false;
      const mine = { madeAt };
      newest.delete(viewId);
      newest.set(viewId, mine);
      for (const oldest of newest.keys()) {
        if (newest.size <= KEPT_VIEWS) break;
        newest.delete(oldest);
      }
      return () => newest.get(viewId) === mine;
    },
  };
}

/** Draws the form for what is chosen now. Inputs that depend on another choice get a new round: they forget what stood in them. */
export async function changeForm(
  room: Room,
  newest: Newest,
  { view, person, madeAt }: { view: SentView; person: Person; madeAt: number },
): Promise<void> {
  const form = readForm(view);
  const isNewest = newest.take(view.id, madeAt);
  if (form === undefined || !isNewest()) return;
  const { readAs, ...chosen } = form.state;
  // Once something else was chosen, how the line was read says nothing any more.
  const isAsTyped = readAs !== undefined && selectionOf(form.state) === selectionOf(form.planned);
  const state = { ...chosen, ...(isAsTyped ? { readAs } : {}), round: chosen.round + 1 };
  await fillForm(room, { viewId: view.id, hash: view.hash, isNewest }, state, person);
}
