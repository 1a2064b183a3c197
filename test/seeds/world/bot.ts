/** One replica of the real bot on a machine of its own, wired as main.ts does, with the seed's network in place of sockets. */
import { redact } from '#rollback/redaction.ts';
import { createApi } from '#clients/kubernetes/api-server.ts';
import type { HttpAnswer } from '#clients/http/http-reader.ts';
import type { CrashPoint } from '#controller/perform.ts';
import { appToken, botToken } from '#playground/slack/tokens.ts';
import { serviceOfPath } from '#playground/services/service-endpoints.ts';
import { createReplica, type Replica } from '#replica';
import { createClients } from '#slack/connection/clients.ts';
import { sdkLogger } from '#slack/connection/logger.ts';
import { createPeople } from '#slack/people/people.ts';
import { createPermission } from '#slack/people/permission.ts';
import { createAudit, createLog } from '../../../src/log.ts';
import type { Weather } from '../faults/weather.ts';
import type { HostClock } from '../time/host-clock.ts';
import { Machine, onMachine } from '../time/machine.ts';
import type { Timeline } from '../time/timeline.ts';
import type { SeedCluster } from './cluster.ts';
import { clusterTransport, type Place } from './network.ts';
import type { Setting } from './setting.ts';
import type { SeedSlack } from './slack.ts';
import { slackFetch } from './slack-fetch.ts';
import { HOME } from './setting.ts';

export interface BotSurroundings {
  setting: Setting;
  timeline: Timeline;
  cluster: SeedCluster;
  slack: SeedSlack;
  weather: () => Weather;
  /** Lines of logs and audits. */
  lines: string[];
  crashPoint?: (machine: Machine) => CrashPoint;
}

export interface Bot {
  machine: Machine;
  replica: Replica;
  /** As SIGTERM does; the machine is dead once all has ended. */
  stop(): void;
}

async function health({ setting, cluster, weather, timeline }: BotSurroundings, url: string): Promise<HttpAnswer> {
  const { ms, instead } = weather().health();
  await timeline.sleep(ms);
  if (instead === 'silent') return { kind: 'silent', why: 'no answer within 2 s' };
  if (instead === 'not-reached') return { kind: 'not-reached', why: 'no route' };
  if (instead === 503) return { kind: 'answered', status: 503, durationMs: ms };
  const service = serviceOfPath(setting.catalogue, new URL(url).pathname) ?? '';
  const { status } = cluster.traffic.health(setting.environment, service);
  if (status === 'no answer') return { kind: 'silent', why: 'connection closed' };
  return { kind: 'answered', status, durationMs: Math.round(ms) };
}

function begin(around: BotSurroundings, machine: Machine, signal: AbortSignal) {
  const { setting, timeline, cluster, slack, weather, lines, crashPoint } = around;
  const place: Place = { timeline, machine, weather };
  const write = (line: string): void => void lines.push(line);
  const log = createLog({ level: 'warn', clock: timeline, redact, write });
  const api = createApi(clusterTransport(place, cluster), timeline);
  const replica = createReplica({
    catalogue: setting.catalogue,
    namespace: HOME,
    home: api,
    cluster: () => api,
    http: { get: (url) => health(around, url) },
    identity: machine.name,
    clock: timeline,
    log,
    audit: createAudit({ clock: timeline, redact, write }),
    onOverrun: () => machine.kill(),
    ...(crashPoint === undefined ? {} : { crashPoint: crashPoint(machine) }),
  });
  const config = { botToken, appToken, fetch: slackFetch(place, slack) };
  const clients = createClients(config, sdkLogger(log));
  const permission = createPermission(setting.catalogue, createPeople(clients.reads, timeline), log);
  const ended = replica.run({ permission, background: clients.background }, signal);
  return { replica, ended };
}

export function startBot(around: BotSurroundings, name: string, clock: HostClock): Bot {
  const machine = new Machine(name, clock);
  const stopping = new AbortController();
  return onMachine(machine, () => {
    const { replica, ended } = begin(around, machine, stopping.signal);
    void ended.finally(() => machine.kill());
    return {
      machine,
      replica,
      stop: () => machine.deliver(() => onMachine(machine, () => stopping.abort(new Error('stopping')))),
    };
  });
}
