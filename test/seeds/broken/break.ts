/** Breaks files of the product as they are loaded; the files themselves are not touched. Before anything of the product is imported. */
import { registerHooks } from 'node:module';
import type { Breakage } from './breakages.ts';

/** Throws when the product does not read as the breakage expects: then the breakage has to be written anew. */
function broken(source: string, edits: Breakage['edits']): string {
  return edits.reduce((text, { file, from, to }) => {
    if (text.split(from).length !== 2) throw new Error(`${file} does not hold this once: ${from}`);
    return text.replace(from, () => to);
  }, source);
}

const textOf = (source: string | ArrayBuffer | NodeJS.TypedArray | null | undefined): string =>
  typeof source === 'string' ? source : new TextDecoder().decode(source ?? undefined);

/** Answers which files were not loaded yet. */
export function breakProduct({ edits }: Breakage): () => string[] {
  const left = new Set(edits.map(({ file }) => file));
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const own = edits.filter(({ file }) => url.endsWith(`/${file}`));
      if (own[0] === undefined) return loaded;
      left.delete(own[0].file);
      return { ...loaded, source: broken(textOf(loaded.source), own) };
    },
  });
  return () => [...left];
}
