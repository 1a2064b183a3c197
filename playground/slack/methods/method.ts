/** A Web API method: who may call it, how often, and what it does. It answers the fields beside `ok`, or throws SlackError. */
import type { z } from 'zod';
import type { Core } from '../core.ts';
import type { Tier } from '../limits.ts';
import { readArguments } from './arguments.ts';

export type Answer = Record<string, unknown>;
export type Args = Record<string, unknown>;

export interface WebMethod {
  token: 'bot' | 'app' | 'none';
  /** All of them are needed; some depend on what the call is about. */
  scopes: (args: Args, core: Core) => readonly string[];
  tier: Tier;
  /** Calls with the same key share a budget: `chat.postMessage` has one for each channel. */
  budget?: (args: Args) => string;
  run: (args: Args, core: Core) => Answer | Promise<Answer>;
}

export type MethodFamily = Record<string, WebMethod>;

export function webMethod<S extends z.ZodType>(
  options: Partial<Omit<WebMethod, 'run' | 'scopes'>> & { scopes?: readonly string[] | WebMethod['scopes'] },
  schema: S,
  run: (args: z.infer<S>, core: Core) => Answer | Promise<Answer>,
): WebMethod {
  const { scopes = [], ...rest } = options;
  return {
    token: 'bot',
    tier: 'tier3',
    ...rest,
    scopes: typeof scopes === 'function' ? scopes : () => scopes,
    run: (args, core) => run(readArguments(schema, args), core),
  };
}
