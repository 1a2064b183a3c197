/**
 * The clocks of the host that a replica runs on: its wall clock may be set wrong, and its quartz may be too fast or too slow. Nobody sets a
 * monotonic clock: it never jumps.
 */

export class HostClock {
  #offsetMs = 0;
  #rate = 1;
  /** Since the rate is this one, in the time of the world and in its own. */
  #since = { worldMs: 0, ownMs: 0 };

  /** ms that its wall clock is ahead of the world, from now on. */
  set(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }

  /** Seconds of its own in one of the world, from now on. */
  run(rate: number, worldMs: number): void {
    this.#since = { worldMs, ownMs: this.monotonic(worldMs) };
    this.#rate = rate;
  }

  monotonic(worldMs: number): number {
    return this.#since.ownMs + (worldMs - this.#since.worldMs) * this.#rate;
  }

  wall(worldMs: number): number {
    return this.monotonic(worldMs) + this.#offsetMs;
  }

  /** How long the world takes for so much of its own time. */
  inWorld(ownMs: number): number {
    return ownMs / this.#rate;
  }
}
