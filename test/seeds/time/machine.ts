/**
 * A process of the bot, as far as time and the network can tell: it runs, is frozen (SIGSTOP) or is dead. Whatever it started carries its
 * name through every await, so that its timers and answers stop with it and nobody else's do.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { HostClock } from './host-clock.ts';

export class Machine {
  readonly name: string;
  readonly clock: HostClock;
  #state: 'running' | 'frozen' | 'dead' = 'running';
  /** What became due while it was frozen, in order. */
  #held: (() => void)[] = [];

  constructor(name: string, clock = new HostClock()) {
    this.name = name;
    this.clock = clock;
  }

  get isDead(): boolean {
    return this.#state === 'dead';
  }

  get isFrozen(): boolean {
    return this.#state === 'frozen';
  }

  /** Power cut: nothing of it happens any more. */
  kill(): void {
    this.#state = 'dead';
    this.#held = [];
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  /** Answers what is due now; each has to run in a turn of its own. */
  thaw(): (() => void)[] {
    if (this.#state !== 'frozen') return [];
    this.#state = 'running';
    return this.#held.splice(0);
  }

  /** Now, once it is thawed, or never. */
  deliver(run: () => void): void {
    if (this.#state === 'running') run();
    else if (this.#state === 'frozen') this.#held.push(run);
  }
}

const running = new AsyncLocalStorage<Machine | undefined>();

export const currentMachine = (): Machine | undefined => running.getStore();

/** What is begun here belongs to the machine; undefined: to the world. */
export function onMachine<T>(machine: Machine | undefined, work: () => T): T {
  return running.run(machine, work);
}
