/** The reads that need the API server: events of a namespace, logs of pods. */
import { z } from 'zod';
import { type Api, ApiError } from '#clients/kubernetes/api.ts';
import { podLogs } from '#clients/kubernetes/pod-logs.ts';
import type { ContainerRow, PodRow } from '#clients/kubernetes/rows.ts';

const MAX_EVENTS = 30;
const EVENTS_LOOKED_AT = 1_000;
const TAIL_LINES = 200;
/** A guard against endless lines; what is kept is cut from the front, for the end of a log is what matters. */
const MAX_LOG_BYTES = 256 * 1024;

const Event = z.object({
  type: z.string().default(''),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  count: z.number().nullish(),
  involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }).prefault({}),
  eventTime: z.string().nullish(),
  firstTimestamp: z.string().nullish(),
  lastTimestamp: z.string().nullish(),
  metadata: z.object({ creationTimestamp: z.string() }),
});
type Event = z.infer<typeof Event>;

const timeOf = (e: Event): string => e.lastTimestamp ?? e.eventTime ?? e.firstTimestamp ?? e.metadata.creationTimestamp;

/** The last 30 events of the namespace, oldest first, as the runbook's `kubectl get events --sort-by='.lastTimestamp' | tail -30`. */
export async function readEvents(api: Api, namespace: string, signal: AbortSignal): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/events?limit=${EVENTS_LOOKED_AT}`;
  const list = z.object({ items: z.array(z.unknown()) }).parse(await api.get(path, { signal }));
  const lines = list.items
    .flatMap((raw) => Event.safeParse(raw).data ?? [])
    .toSorted((a, b) => Date.parse(timeOf(a)) - Date.parse(timeOf(b)))
    .slice(-MAX_EVENTS)
    .map((e) => {
      const times = e.count && e.count > 1 ? ` (${e.count} times)` : '';
      return `${timeOf(e)}  ${e.type}  ${e.reason ?? ''}  ${e.involvedObject.kind}/${e.involvedObject.name}  ${e.message ?? ''}${times}`;
    });
  return lines.join('\n');
}

export interface LogReading {
  pod: string;
  container: string;
  /** The run before the last restart. */
  previous: boolean;
}

const CRASHED = new Set(['CrashLoopBackOff', 'Error', 'OOMKilled']);

function readingsOf(pod: string, c: ContainerRow): LogReading[] {
  const hasStarted = c.restartCount > 0 || c.waiting === undefined;
  if (!hasStarted) return [];
  const hasCrashed = c.restartCount > 0 && (!c.ready || CRASHED.has(c.waiting?.reason ?? c.terminated?.reason ?? ''));
  const now = { pod, container: c.name, previous: false };
  return hasCrashed ? [now, { ...now, previous: true }] : [now];
}

/** Which logs to read of these pods, and which containers have none to lose because they never started. Pure. */
export function logReadings(pods: readonly PodRow[]): { readings: LogReading[]; neverStarted: string[] } {
  const readings = pods.flatMap((p) => p.containers.flatMap((c) => readingsOf(p.name, c)));
  const neverStarted = pods.flatMap((p) =>
    p.containers
      .filter((c) => readingsOf(p.name, c).length === 0)
      .map((c) => `No logs: pod ${p.name}, container ${c.name} never started (${c.waiting?.reason ?? 'unknown'})`),
  );
  return { readings, neverStarted };
}

/** undefined: the container has no such log (any more). */
export function readLog(
  api: Api,
  namespace: string,
  reading: LogReading,
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = { namespace, ...reading, tailLines: TAIL_LINES, timestamps: true, limitBytes: MAX_LOG_BYTES };
  return podLogs(api, query, signal);
}

/** Why a read failed, in words without names or values. */
export function wordsFor(error: unknown): string {
  if (!(error instanceof ApiError)) return 'no answer';
  if (error.status === 403) return 'the bot may not read it';
  if (error.status === 404) return 'gone';
  return `the cluster answered ${error.status}`;
}
