/** Environment variables → Config: the only reader of process.env. `.env.example` names every variable; a test holds the two together. */
import { existsSync } from 'node:fs';
import { z } from 'zod';

const token = (prefix: string) => z.string().startsWith(prefix, `expected a token that begins with ${prefix}`);

export const Variables = z.object({
  /** Bot token of the Slack app. */
  SLACK_BOT_TOKEN: token('xoxb-'),
  /** App-level token with connections:write. */
  SLACK_APP_TOKEN: token('xapp-'),
  /** Another Slack than slack.com: the playground's. */
  SLACK_API_URL: z.url('expected a URL that ends in /api/').optional(),
  /** A kubeconfig file; absent: the cluster the bot runs in. */
  KUBECONFIG: z.string().optional(),
  /** The catalogue file. */
  CATALOGUE: z.string().default('k8s/catalogue.yaml'),
  /** Where Rollbacks, the lease and captured evidence live. */
  ROLLBACK_NAMESPACE: z.string().default('rollback-bot'),
  /** This replica's name in the lease; a pod's name by the downward API. */
  POD_NAME: z.string().optional(),
  /** Where /livez and /readyz are served; absent: nowhere. */
  PROBE_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'expected a port number')
    .transform(Number)
    .refine((port) => port <= 65_535, 'expected a port number')
    .optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export interface Config {
  slack: { botToken: string; appToken: string; slackApiUrl?: string };
  kubeconfig?: string;
  catalogue: string;
  namespace: string;
  podName?: string;
  probePort?: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** The environment cannot be used; the message names each variable and what was expected, never a value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Reads the environment. Throws ConfigError. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = Variables.safeParse(set);
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message, code }) =>
      code === 'invalid_type' ? `${path.join('.')} is not set` : `${path.join('.')}: ${message}`,
    );
    throw new ConfigError(
      `The environment cannot be used (.env.example names every variable):\n  - ${faults.join('\n  - ')}`,
    );
  }
  const v = result.data;
  if (v.KUBECONFIG !== undefined && !existsSync(v.KUBECONFIG)) {
    throw new ConfigError(`KUBECONFIG: no such file: ${v.KUBECONFIG}`);
  }
  return {
    slack: {
      botToken: v.SLACK_BOT_TOKEN,
      appToken: v.SLACK_APP_TOKEN,
      ...(v.SLACK_API_URL === undefined ? {} : { slackApiUrl: v.SLACK_API_URL }),
    },
    ...(v.KUBECONFIG === undefined ? {} : { kubeconfig: v.KUBECONFIG }),
    catalogue: v.CATALOGUE,
    namespace: v.ROLLBACK_NAMESPACE,
    ...(v.POD_NAME === undefined ? {} : { podName: v.POD_NAME }),
    ...(v.PROBE_PORT === undefined ? {} : { probePort: v.PROBE_PORT }),
    logLevel: v.LOG_LEVEL,
  };
}
