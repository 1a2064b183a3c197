import type { KnownBlock, View } from '@slack/types';
import type { StateValues } from '../client-protocol.ts';
import type { ChangeFeed } from './change.ts';

export interface StoredView {
  id: string;
  hash: string;
  user: string;
  view: View;
  previousId?: string;
  rootId: string;
  /** What the person typed and chose, as last told by the client. */
  typed: StateValues;
  /** A submission waits for its acknowledgement. */
  submitting?: boolean;
}

/** A view's blocks. Only checked views are stored, so that each is a known one. */
export function viewBlocks(view: View): KnownBlock[] {
  return view.blocks as KnownBlock[];
}

/** Modal stacks and Home tabs, by person. */
export class ViewStore {
  readonly #stacks = new Map<string, StoredView[]>();
  readonly #homes = new Map<string, StoredView>();
  readonly #changes: ChangeFeed;
  readonly #now: () => number;
  #count = 0;

  constructor(changes: ChangeFeed, now: () => number) {
    this.#changes = changes;
    this.#now = now;
  }

  /** Bottom first; empty: no modal. */
  stack(user: string): StoredView[] {
    return this.#stacks.get(user) ?? [];
  }

  home(user: string): StoredView | undefined {
    return this.#homes.get(user);
  }

  all(): StoredView[] {
    return [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
  }

  find(id: string): StoredView | undefined {
    return this.all().find((v) => v.id === id);
  }

  findExternal(externalId: string): StoredView | undefined {
    return this.all().find((v) => v.view.external_id === externalId);
  }

  /** A new modal; whatever modal the person had open is gone. */
  open(user: string, view: View): StoredView {
    const id = this.#nextId();
    const stored: StoredView = { id, hash: this.#nextHash(), user, view, rootId: id, typed: {} };
    this.setStack(user, [stored]);
    return stored;
  }

  push(user: string, view: View): StoredView {
    const stack = this.stack(user);
    const id = this.#nextId();
    const top = stack.at(-1);
    const stored: StoredView = { id, hash: this.#nextHash(), user, view, rootId: stack[0]?.id ?? id, typed: {} };
    if (top) stored.previousId = top.id;
    this.setStack(user, [...stack, stored]);
    return stored;
  }

  /** Replaces what a view shows. What was typed stays where block_id and action_id stay. */
  update(stored: StoredView, view: View): void {
    stored.view = view;
    stored.hash = this.#nextHash();
    this.#changes.tell({ type: view.type === 'home' ? 'home' : 'views', user: stored.user });
  }

  publish(user: string, view: View): StoredView {
    const id = this.#homes.get(user)?.id ?? this.#nextId();
    const stored: StoredView = { id, hash: this.#nextHash(), user, view, rootId: id, typed: {} };
    this.#homes.set(user, stored);
    this.#changes.tell({ type: 'home', user });
    return stored;
  }

  setStack(user: string, stack: StoredView[]): void {
    this.#stacks.set(user, stack);
    this.#changes.tell({ type: 'views', user });
  }

  clear(): void {
    this.#stacks.clear();
    this.#homes.clear();
  }

  #nextId(): string {
    this.#count += 1;
    return `V0${this.#count.toString(36).toUpperCase().padStart(8, '0')}`;
  }

  #nextHash(): string {
    this.#count += 1;
    return `${Math.floor(this.#now() / 1000)}.${this.#count.toString(16).padStart(8, '0')}`;
  }
}
