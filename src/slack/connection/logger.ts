/** The SDKs' own log lines, into ours. They may carry tickets and payloads, so nothing below "warn" is kept. */
import { LogLevel, type Logger } from '@slack/web-api';
import type { Log } from '#rollback/ports.ts';

const SECRETS = /xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=ticket=)[^&\s]+/g;

export function sdkLogger(log: Log): Logger {
  const line = (level: 'warn' | 'error', parts: unknown[]): void =>
    log[level]('slack sdk', { text: parts.map(String).join(' ').replaceAll(SECRETS, '***').slice(0, 500) });
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => line('warn', parts),
    error: (...parts) => line('error', parts),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
