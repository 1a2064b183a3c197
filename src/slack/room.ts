/**
 * slack/: what people do in Slack, turned into writes of `spec` through ports. It may assume that the object is the only state: any
 * replica serves any step of a flow, so nothing a flow needs is kept in memory. It reads status, asks the preview port, and never
 * touches a workload, posts to a channel or edits a slot: the leader does.
 */
import type { Catalogue } from '#catalogue/catalogue.ts';
import type { Clock, Log, Permission, Planner, Rollbacks } from '#rollback/ports.ts';
import type { SlackClients } from './connection/clients.ts';
import type { InFlight } from './in-flight.ts';
import type { People } from './people/people.ts';

/** What every handler here may use. */
export interface Room {
  rollbacks: Rollbacks;
  planner: Planner;
  permission: Permission;
  people: People;
  catalogue: Catalogue;
  slack: SlackClients;
  clock: Clock;
  log: Log;
  inFlight: InFlight;
}
