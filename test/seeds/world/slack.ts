/** The emulated Slack of a seed, without its HTTP skin: a `fetch` for the SDK's own client, over the weather between. */
import { readManifest } from '#playground/slack/manifest.ts';
import { type Core, createCore } from '#playground/slack/core.ts';
import { lomashWood } from '#playground/slack/seed.ts';
import { WebApi } from '#playground/slack/web-api.ts';
import { onMachine } from '../time/machine.ts';
import type { Timeline } from '../time/timeline.ts';

const manifest = readManifest('manifest.yml');

export interface SlackAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface SeedSlack {
  core: Core;
  call(method: string, token: string | undefined, body: string): Promise<SlackAnswer>;
}

export function startSeedSlack(timeline: Timeline): SeedSlack {
  const core = createCore({ clock: timeline, manifest, seed: lomashWood });
  const webApi = new WebApi(core);
  return {
    core,
    async call(method, token, text) {
      const args = Object.fromEntries(new URLSearchParams(text));
      const outcome = await onMachine(undefined, () => webApi.call({ method, token, args }));
      if (outcome.kind === 'lost')
        throw new TypeError('the emulated Slack lost an answer that nobody asked it to lose');
      return { status: outcome.status, headers: outcome.headers, body: JSON.stringify(outcome.body) };
    },
  };
}
