/** The playground's command line and environment: its only reader of either. */
import { parseArgs } from 'node:util';
import { z } from 'zod';

export interface PlaygroundOptions {
  /** 0: any free one. */
  port: number;
  /** The same seed gives the same history of deploys. */
  seed: number;
  /** False: the bot is started by hand, with `npm start`. */
  startsBot: boolean;
  /** On a real control plane (testplane/) in the place of the simulated cluster. */
  onPlane: boolean;
}

/** The command line cannot be understood; the message says what was expected. */
export class UsageError extends Error {
  override name = 'UsageError';
}

const usage = 'npm run playground -- [--port 4100] [--seed 1] [--no-bot] [--cluster simulated|real]';

const whole = (name: string, most: number) =>
  z.coerce.number(`--${name}: expected a number`).int(`--${name}: expected a whole number`).min(0).max(most);

const Arguments = z.object({
  port: whole('port', 65_535).default(4100),
  seed: whole('seed', 2 ** 31).default(1),
  'no-bot': z.boolean().default(false),
  cluster: z.enum(['simulated', 'real'], '--cluster: expected simulated or real').default('simulated'),
});

/** Throws UsageError. */
export function readArguments(argv: readonly string[]): PlaygroundOptions {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        seed: { type: 'string' },
        'no-bot': { type: 'boolean' },
        cluster: { type: 'string' },
      },
    });
    const given = Arguments.parse(values);
    const { port, seed, cluster } = given;
    return { port, seed, startsBot: !given['no-bot'], onPlane: cluster === 'real' };
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues.map(({ message }) => message).join('; ') : String(error);
    throw new UsageError(`${why}\nUsage: ${usage}`, { cause: error });
  }
}

/** What a child process needs of the surroundings: nothing that could point the bot at a real Slack or a real cluster. */
export function inheritedEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const wanted = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'NODE_COMPILE_CACHE'];
  return Object.fromEntries(wanted.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}
