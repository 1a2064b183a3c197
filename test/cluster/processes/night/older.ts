/** Loaded before src/main.ts: the bot as it was one status schema ago. Beside it, that number is all that a newer bot tells it by. */
import { registerHooks } from 'node:module';

const KNOWN = /export const STATUS_SCHEMA = (\d+);/;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/src/rollback/status.ts')) return loaded;
    const text =
      typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source ?? undefined);
    const own = KNOWN.exec(text)?.[1];
    if (own === undefined) throw new Error('The status schema is not where it was.');
    return { ...loaded, source: text.replace(KNOWN, `export const STATUS_SCHEMA = ${Number(own) - 1};`) };
  },
});
