/** The fault matrix: in every row the invariants hold, and people read the truth in Slack at most a minute after healing. */
import type { Row } from './row.ts';
import { cluster } from './rows/cluster.ts';
import { controller } from './rows/controller.ts';
import { frontEnd } from './rows/front-end.ts';
import { surroundings } from './rows/surroundings.ts';
import { slack } from './rows/slack.ts';

export const rows: readonly Row[] = [...frontEnd, ...controller, ...cluster, ...slack, ...surroundings];
