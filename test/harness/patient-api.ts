/** A connection whose calls may take as long as they do on a busy machine, where they set no limit of their own. */
import type { Connection } from '#clients/kubernetes/api-server.ts';

const TIMEOUT_MS = 60_000;

export function patient(api: Connection): Connection {
  const timeoutMs = TIMEOUT_MS;
  return {
    ...api,
    get: (path, o) => api.get(path, { timeoutMs, ...o }),
    text: (path, o) => api.text(path, { timeoutMs, ...o }),
    create: (path, body, o) => api.create(path, body, { timeoutMs, ...o }),
    update: (path, body, o) => api.update(path, body, { timeoutMs, ...o }),
    jsonPatch: (path, patch, o) => api.jsonPatch(path, patch, { timeoutMs, ...o }),
    mergePatch: (path, patch, o) => api.mergePatch(path, patch, { timeoutMs, ...o }),
    delete: (path, o) => api.delete(path, { timeoutMs, ...o }),
  };
}
