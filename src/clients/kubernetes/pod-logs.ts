/** The last lines of one container's log. They may hold secrets: whoever stores or shows them redacts them first. */
import { ApiError, type Api } from './api.ts';

export interface PodLogQuery {
  namespace: string;
  pod: string;
  container: string;
  tailLines: number;
  /** The container that ran before the last restart. */
  previous?: boolean;
  timestamps?: boolean;
  limitBytes?: number;
  timeoutMs?: number;
}

/** undefined: there is no such pod, or the container has not run (yet, or before). Rejects on an outage. */
export async function podLogs(api: Api, query: PodLogQuery, signal: AbortSignal): Promise<string | undefined> {
  const { namespace, pod, timeoutMs, ...rest } = query;
  const given = Object.entries(rest).map(([name, value]) => [name, String(value)] as [string, string]);
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?${new URLSearchParams(given).toString()}`;
  try {
    return await api.text(path, { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  } catch (error) {
    if (error instanceof ApiError && (error.status === 400 || error.status === 404)) return undefined;
    throw error;
  }
}
