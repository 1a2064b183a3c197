/**
 * How far a newcomer is in the three steps, read from what happened: the world's services and the app's messages. Nothing is stored, so a
 * reload or another person finds the same ticks.
 */
import { workspace } from '../state/connection.js';
import { createStore, useStore } from '../state/store.js';
import { progressOf } from './milestones.js';
import { world } from './world.js';

/** The service that the steps are about. */
export const practised = 'auth-service';

function appMessages({ timelines, threads, app }) {
  return [...Object.values(timelines), ...Object.values(threads)].flat().filter((one) => one.user === app.botUser);
}

const done = createStore(progressOf([], [], false));

function look() {
  const state = workspace.get();
  if (!state.ready) return;
  const next = progressOf(appMessages(state), world.get()?.services ?? [], state.views.length > 0);
  if (Object.keys(next).some((name) => next[name] !== done.get()[name])) done.set(next);
}

workspace.watch(look);
world.watch(look);

/** @returns {{ done: import('./milestones.js').Progress, current: 1 | 2 | 3 | undefined }} the step to do next; undefined: all done */
export function useProgress() {
  const progress = useStore(done);
  const steps = [progress.deployed, progress.asked, progress.ended && progress.resolved];
  const next = steps.indexOf(false);
  return { done: progress, current: next < 0 ? undefined : next + 1 };
}
