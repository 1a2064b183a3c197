/** JSON lines: the operational log on standard error, audit lines on standard output. Both pass one redaction. */
import type { Audit, Clock, Log } from '#rollback/ports.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];
type Write = (line: string) => void;

interface LogOptions {
  level: Level;
  clock: Clock;
  /** Takes out what may not be written. */
  redact: (text: string) => string;
  write?: Write;
}

const toStandardError: Write = (line) => void process.stderr.write(line);
const toStandardOutput: Write = (line) => void process.stdout.write(line);

/** Lines below `level` are dropped. */
export function createLog({ level, clock, redact, write = toStandardError }: LogOptions): Log {
  const from = LEVELS.indexOf(level);
  const at =
    (own: Level) =>
    (text: string, fields: object = {}): void => {
      if (LEVELS.indexOf(own) < from) return;
      const time = new Date(clock.now()).toISOString();
      write(`${redact(JSON.stringify({ time, level: own, text, ...fields }))}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Each decision and each effect, whatever the log level. */
export function createAudit({ clock, redact, write = toStandardOutput }: Omit<LogOptions, 'level'>): Audit {
  return (line) =>
    write(`${redact(JSON.stringify({ time: new Date(clock.now()).toISOString(), audit: true, ...line }))}\n`);
}
