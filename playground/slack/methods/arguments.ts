/** How arguments of the Web API arrive: form fields (everything a string, objects as JSON text) or a JSON body. */
import { z } from 'zod';
import { SlackError } from '../slack-error.ts';

export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');

export const count = z.coerce.number().int();

/** A value that may come as JSON text; `error` is Slack's word when the text is no JSON. */
export function json<S extends z.ZodType>(schema: S, error = 'invalid_arguments') {
  return z.preprocess((value) => (typeof value === 'string' ? parseJson(value, error) : value), schema);
}

export function parseJson(text: string, error: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SlackError(error);
  }
}

/** Parses arguments, or refuses as Slack does: `invalid_arguments` with what is missing. */
export function readArguments<S extends z.ZodType>(schema: S, args: Record<string, unknown>): z.infer<S> {
  const result = schema.safeParse(args);
  if (result.success) return result.data;
  const messages = result.error.issues.map(({ path, message }) => {
    const missing = args[String(path[0])] === undefined;
    const what = missing ? `missing required field: ${String(path[0])}` : message;
    return `[ERROR] ${what} [json-pointer:${missing ? '' : `/${path.join('/')}`}]`;
  });
  throw new SlackError('invalid_arguments', { response_metadata: { messages } });
}
