/** The page's own files are plain JavaScript without declarations, so tests load them by path. */
export const pageModule = (path: string): Promise<any> =>
  import(new URL(`../../../playground/page/${path}`, import.meta.url).href);
