/** One thing that happens in a seed at its time; `says` is what a failing seed prints. */
import type { Scene } from '../world/scene.ts';
import type { Click } from '../world/click.ts';

export interface Told {
  scene: Scene;
  clicks: Click[];
  /** Services that people changed by themselves after the first deploy. */
  touched: Set<string>;
  /** Rollbacks that people deleted. */
  deleted: Set<string>;
}

export interface Happening {
  /** After the seed's beginning. */
  atMs: number;
  says: string;
  run(told: Told): void;
}
