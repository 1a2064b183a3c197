import type { WorldClock } from '../../clock.ts';

/** Slack's message timestamps: "seconds.micros", unique in the workspace and always growing, because they are also the messages' names. */
export class Timestamps {
  readonly #clock: WorldClock;
  #lastMicros = 0;

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  next(): string {
    this.#lastMicros = Math.max(Math.floor(this.#clock.now() * 1000), this.#lastMicros + 1);
    return timestampOf(this.#lastMicros);
  }
}

function timestampOf(micros: number): string {
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
}

/** Compares as numbers would, without losing digits. */
export function compareTs(a: string, b: string): number {
  const [aSeconds = '0', aMicros = '0'] = a.split('.');
  const [bSeconds = '0', bMicros = '0'] = b.split('.');
  return Number(aSeconds) - Number(bSeconds) || Number(aMicros.padEnd(6, '0')) - Number(bMicros.padEnd(6, '0'));
}
