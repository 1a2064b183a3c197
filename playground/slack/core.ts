/**
 * The emulated Slack without its skins: what methods and interactions share. Everything is reached through this one object; there is no
 * module state, so two workspaces can live in one process.
 */
import type { WorldClock } from '../clock.ts';
import { CallHistory } from './call-history.ts';
import { Faults } from './faults.ts';
import { ResponseUrls } from './interaction/response-urls.ts';
import { Triggers } from './interaction/triggers.ts';
import type { Manifest } from './manifest.ts';
import { Sockets } from './sockets.ts';
import { Workspace } from './workspace.ts';
import type { Seed } from './workspace.ts';

export interface Core {
  clock: WorldClock;
  manifest: Manifest;
  workspace: Workspace;
  faults: Faults;
  sockets: Sockets;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  calls: CallHistory;
  /** Where the skins listen: "http://127.0.0.1:4000". */
  address: { url: string };
}

/** Instead of Slack's own three seconds, for where they would measure a busy machine and not the app. */
export interface Patience {
  /** From an interaction to its acknowledgement. */
  ackMs?: number;
  triggerMs?: number;
}

interface CoreOptions {
  clock: WorldClock;
  manifest: Manifest;
  seed: Seed;
  patience?: Patience;
}

export function createCore({ clock, manifest, seed, patience = {} }: CoreOptions): Core {
  const workspace = new Workspace(seed, clock);
  const faults = new Faults(clock);
  const sockets = new Sockets(
    clock,
    faults,
    (connected) => workspace.changes.tell({ type: 'app', connected }),
    patience.ackMs,
  );
  faults.attach(sockets);
  return {
    clock,
    manifest,
    workspace,
    faults,
    sockets,
    triggers: new Triggers(clock, patience.triggerMs),
    responseUrls: new ResponseUrls(clock),
    calls: new CallHistory(clock),
    address: { url: 'http://127.0.0.1' },
  };
}
