import type { IncomingMessage, ServerResponse } from 'node:http';
import { SlackError } from '../slack-error.ts';

const maxBytes = 64 * 1024 * 1024;

/** The whole body. Refuses one that is unreasonably large. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new SlackError('request_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The fields of a form, or of a JSON object. */
export function readFields(body: Buffer, contentType: string): Record<string, unknown> {
  const text = body.toString();
  if (text === '') return {};
  if (!contentType.startsWith('application/json')) return Object.fromEntries(new URLSearchParams(text));
  const parsed = parseObject(text);
  if (!parsed) throw new SlackError('invalid_json');
  return parsed;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The bytes of an upload: raw, or the one file of a multipart form. */
export async function readUpload(body: Buffer, contentType: string): Promise<Buffer> {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  for (const value of form.values()) {
    if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  }
  throw new SlackError('no_file_data');
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
