/** Time, as far as this client needs it: the ports' Clock fits. */
export interface Clock {
  now(): number;
  /** ms that only ever go forward by themselves. */
  monotonic(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
