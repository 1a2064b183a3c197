/** pods/log: what the kubelet gives, once or followed. */
import type { ApiResponse, Sink } from '../message.ts';
import type { Call, PodLogs } from '../call.ts';
import { badRequest, fieldInvalid, invalid, StatusError } from '../status.ts';
import { existing } from './read.ts';

type Options = NonNullable<Parameters<PodLogs>[2]>;

const FOLLOW_MS = 1000;

const isTrue = (query: URLSearchParams, name: string): boolean =>
  query.has(name) && !['false', '0'].includes(query.get(name) ?? '');

function number(call: Call, name: string, least: number): number | undefined {
  const text = call.request.query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^-?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const value = Number(text);
  if (value >= least) return value;
  const why = `must be greater than ${least === 0 ? 'or equal to ' : ''}0`;
  throw invalid({ group: '', kind: 'PodLogOptions', name: call.target.name ?? '' }, [fieldInvalid(name, value, why)]);
}

function optionsOf(call: Call): Options {
  const { query } = call.request;
  const tailLines = number(call, 'tailLines', 0);
  const limitBytes = number(call, 'limitBytes', 1);
  const sinceSeconds = number(call, 'sinceSeconds', 1);
  const sinceTime = query.get('sinceTime');
  const container = query.get('container');
  return {
    ...(container && { container }),
    ...(tailLines !== undefined && { tailLines }),
    ...(limitBytes !== undefined && { limitBytes }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(sinceTime && { sinceTimeMs: Date.parse(sinceTime) }),
    previous: isTrue(query, 'previous'),
    timestamps: isTrue(query, 'timestamps'),
  };
}

/** Errors of the kubelet that name a status become Statuses. */
function read(call: Call, options: Options): string {
  const source = call.world.podLogs();
  if (!source) throw new StatusError(503, 'ServiceUnavailable', 'no kubelet runs here');
  try {
    return source(call.namespace ?? '', call.target.name ?? '', options);
  } catch (error) {
    const { status, message } = error as { status?: unknown; message: string };
    if (typeof status !== 'number') throw error;
    throw new StatusError(status, status === 404 ? 'NotFound' : 'BadRequest', message);
  }
}

/** New lines once a second of world time, until the reader goes or the container's log cannot be read any more. */
function follow(call: Call, options: Options, first: string, sink: Sink): () => void {
  const { clock } = call.world;
  let readUntil = clock.now();
  let cancel = (): void => {};
  sink.write(first);
  const { tailLines: _tail, sinceSeconds: _since, limitBytes: _limit, ...rest } = options;
  const next = (): void => {
    cancel = clock.after(FOLLOW_MS, () => {
      try {
        const text = read(call, { ...rest, sinceTimeMs: readUntil + 1 });
        readUntil = clock.now();
        if (text !== '') sink.write(text);
        next();
      } catch {
        sink.end();
      }
    });
  };
  next();
  return () => cancel();
}

export function logs(call: Call): ApiResponse {
  existing(call);
  const options = optionsOf(call);
  const text = read(call, options);
  const headers = { 'content-type': 'text/plain' };
  if (!isTrue(call.request.query, 'follow')) return { status: 200, headers, body: text };
  return { status: 200, headers, start: (sink) => follow(call, options, text, sink) };
}
