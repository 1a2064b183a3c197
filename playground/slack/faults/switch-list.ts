import type { WorldClock } from '../../clock.ts';

interface Switch<T> {
  what: T;
  left: number;
  untilMs: number;
}

/** Faults that are used up by count or by time. `method` is a Web API method, a family such as "chat.*", or "all". */
export class SwitchList<T extends { method: string }> {
  #switches: Switch<T>[] = [];
  readonly #clock: WorldClock;

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  add(what: T, { times = Infinity, forMs = Infinity }: { times?: number; forMs?: number }): void {
    this.#switches.push({ what, left: times, untilMs: this.#clock.now() + forMs });
  }

  clear(): void {
    this.#switches = [];
  }

  get isOn(): boolean {
    this.#drop();
    return this.#switches.length > 0;
  }

  has(which: (what: T) => boolean): boolean {
    this.#drop();
    return this.#switches.some(({ what }) => which(what));
  }

  remove(which: (what: T) => boolean): void {
    this.#switches = this.#switches.filter(({ what }) => !which(what));
  }

  take(method: string, which: (what: T) => boolean = () => true): T | undefined {
    this.#drop();
    const found = this.#switches.find(({ what }) => matches(what.method, method) && which(what));
    if (!found) return undefined;
    found.left -= 1;
    return found.what;
  }

  #drop(): void {
    const now = this.#clock.now();
    this.#switches = this.#switches.filter(({ left, untilMs }) => left > 0 && now < untilMs);
  }
}

function matches(pattern: string, method: string): boolean {
  if (pattern === 'all' || pattern === method) return true;
  return pattern.endsWith('.*') && method.startsWith(pattern.slice(0, -1));
}
