/** The API server for somebody whose right to write may end between two of their requests, such as a process that was frozen meanwhile. */
import type { Api } from './api.ts';

/** `check` is called right before each write is sent; what it throws is the write's rejection, and nothing was sent. Reads pass. */
export function checkedWrites(api: Api, check: () => void): Api {
  const checked = <Answer>(send: () => Promise<Answer>): Promise<Answer> =>
    // In a promise, so that the caller meets a rejection.
    Promise.resolve().then(() => {
      check();
      return send();
    });
  return {
    get: (path, options) => api.get(path, options),
    text: (path, options) => api.text(path, options),
    create: (collection, body, options) => checked(() => api.create(collection, body, options)),
    update: (path, body, options) => checked(() => api.update(path, body, options)),
    jsonPatch: (path, patch, options) => checked(() => api.jsonPatch(path, patch, options)),
    mergePatch: (path, patch, options) => checked(() => api.mergePatch(path, patch, options)),
    delete: (path, options) => checked(() => api.delete(path, options)),
    watch: (path, query, signal) => api.watch(path, query, signal),
    onAnswer: (listener) => api.onAnswer(listener),
  };
}
