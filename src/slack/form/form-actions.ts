/** Clicks inside the form. */
import type { Click } from '../click.ts';
import type { Room } from '../room.ts';
import { showDetails } from '../modals/details.ts';
import { changeForm, createNewest } from './change-form.ts';
import { ACTION } from './ids.ts';

const CHOICES: readonly string[] = [
  ACTION.environment,
  ACTION.services,
  ACTION.since,
  ACTION.target,
  ACTION.override,
  ACTION.refresh,
];

/** By action id. Inputs without a plan behind them (the reason) change nothing until the form is submitted. */
export function formActions(): ReadonlyMap<string, (room: Room, click: Click) => Promise<void>> {
  const newest = createNewest();
  const change = async (room: Room, { view, person, madeAt }: Click): Promise<void> => {
    if (view !== undefined) await changeForm(room, newest, { view, person, madeAt });
  };
  const details = async (room: Room, { view, triggerId, person }: Click): Promise<void> => {
    if (view !== undefined) await showDetails(room, view, triggerId, person);
  };
  const nothing = (): Promise<void> => Promise.resolve();
  return new Map([
    ...CHOICES.map((id) => [id, change] as const),
    [ACTION.details, details],
    ...[ACTION.reasonKind, ACTION.reasonText, ACTION.confirm].map((id) => [id, nothing] as const),
  ]);
}
