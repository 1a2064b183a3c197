/**
 * The world beside Slack, as the page's world panel shows and changes it: `GET /world/events` (server-sent, one `world` event after each
 * change, at most four a second) and `POST /world/<action>`.
 */
import type { TroubleName } from './slack/troubles.ts';

export interface ServiceView {
  name: string;
  /** Version most pods run. */
  version: string;
  /** Version the Deployment asks for. */
  wanted: string;
  revision: number;
  pods: { name: string; version: string; ready: boolean; reason?: string }[];
  desired: number;
  health: { ok: boolean; status: number | 'no answer'; latencyMs: number };
  /** 0..1, of simulated traffic. */
  errorRate: number;
}

export interface WorldView {
  now: number;
  services: ServiceView[];
  bot: { state: 'running' | 'starting' | 'stopped' | 'not started here'; pid?: number };
  faults: { slackRateLimited: boolean; apiServerDown: boolean; logReadsHang: boolean };
  /** The other ways in which Slack misbehaves. Without `isOn` it happens in an instant. */
  slackTroubles: { name: string; label: string; detail: string; isOn?: boolean }[];
  seed: number;
}

export type WorldAction =
  /** A new version that starts but answers 500. */
  | { action: 'deploy-bad'; service: string }
  | { action: 'deploy-crash-loop'; service: string }
  | { action: 'deploy-slow'; service: string }
  /** A healthy new version by somebody else (a colleague's pipeline). */
  | { action: 'deploy-good'; service: string }
  | { action: 'slack-rate-limit'; on: boolean }
  | { action: 'drop-socket' }
  | { action: 'slack-trouble'; name: TroubleName; on: boolean }
  | { action: 'api-server'; up: boolean }
  /** No kubelet answers who asks for logs. */
  | { action: 'log-reads'; hang: boolean }
  | { action: 'kill-bot' }
  | { action: 'start-bot' }
  /** Everybody's time moves: "[Skip the 15 minutes]". */
  | { action: 'skip'; minutes: number }
  | { action: 'start-over' }
  /** An alert is posted into #incidents by the monitoring bot, for the message shortcut. */
  | { action: 'alert'; service: string };
