/** The documents that scripts/record-cluster-documents.ts took from a real API server, unpacked when first asked for. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const texts = new Map<string, string>();
const parsed = new Map<string, unknown>();

/** The JSON text of `name`, such as `openapi-v3-apps-v1`. */
export function recordedText(name: string): string {
  let text = texts.get(name);
  if (text === undefined) {
    text = gunzipSync(readFileSync(new URL(`${name}.json.gz`, import.meta.url))).toString('utf8');
    texts.set(name, text);
  }
  return text;
}

/** Parsed once and shared: callers do not change it, and know its shape. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the shape of a recorded document
export function recorded<T>(name: string): T {
  if (!parsed.has(name)) parsed.set(name, JSON.parse(recordedText(name)));
  return parsed.get(name) as T;
}

/** `apps/v1` → the name of its OpenAPI v3 document. */
export function openApiName(groupVersion: string): string {
  return `openapi-v3-${groupVersion.replace('/', '-')}`;
}
