/**
 * Serves the page: its own files and the few packages that it imports, straight from node_modules. Nothing is built, and the content
 * security policy lets the browser load nothing from elsewhere. It never serves a file outside these folders.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const pageFolder = new URL('./', import.meta.url);
const packagesFolder = new URL('../../node_modules/', import.meta.url);
const packages = ['preact', 'htm', '@fontsource/lato', 'twemoji-colr-font'];

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Where a path of the page lies on disk; undefined: not a file of the page. */
function locate(pathname: string): URL | undefined {
  const folder = pathname.startsWith('/vendor/') ? packagesFolder : pageFolder;
  const relative = pathname === '/' ? 'index.html' : pathname.replace(/^\/(?:vendor|page)\//, '');
  const file = new URL(relative, folder);
  const own = folder === pageFolder && (pathname === '/' || pathname.startsWith('/page/'));
  const vendor = folder === packagesFolder && packages.some((name) => relative.startsWith(`${name}/`));
  if (!(own || vendor) || !file.href.startsWith(folder.href)) return undefined;
  return contentTypes[extname(file.pathname)] ? file : undefined;
}

/** The import map is the one inline script: the policy names it by its hash. */
function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script type="importmap">([\s\S]*?)<\/script>/g)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
  return `default-src 'self'; img-src 'self' data:; script-src 'self' ${inline.join(' ')}; object-src 'none'; base-uri 'none'`;
}

export interface Readers {
  /** Who somebody is that did not say. */
  first: string;
  isKnown(user: string): boolean;
}

/** The page is somebody's: the address names who. */
function redirect(url: URL, readers: Readers): string | undefined {
  const user = url.searchParams.get('user');
  if (url.pathname !== '/' || (user !== null && readers.isKnown(user))) return undefined;
  return `/?user=${encodeURIComponent(readers.first)}`;
}

/** Answers a GET of the page; resolves to false when the path is not the page's. */
export async function servePage(
  request: IncomingMessage,
  response: ServerResponse,
  readers: Readers,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', 'http://page');
  const { pathname } = url;
  const elsewhere = request.method === 'GET' ? redirect(url, readers) : undefined;
  if (elsewhere !== undefined) {
    response.writeHead(302, { location: elsewhere }).end();
    return true;
  }
  const file = request.method === 'GET' ? locate(decodeURIComponent(pathname)) : undefined;
  if (!file) return false;
  const content = await readFile(fileURLToPath(file)).catch(() => undefined);
  if (!content) return false;
  const type = contentTypes[extname(file.pathname)] ?? '';
  response.writeHead(200, {
    'content-type': type,
    'cache-control': pathname.startsWith('/vendor/') ? 'max-age=3600' : 'no-cache',
    'x-content-type-options': 'nosniff',
    ...(pathname === '/' ? { 'content-security-policy': policyFor(content.toString('utf8')) } : {}),
  });
  response.end(content);
  return true;
}

/** What the page needs of the server that it stands on. */
export interface PageServer {
  workspace: { users: Map<string, { id: string; isBot: boolean }> };
  mount(prefix: string, handler: (request: IncomingMessage, response: ServerResponse) => void): void;
}

/** Puts the page on the emulated Slack's server, for all paths that nobody else answers. */
export function mountPage(server: PageServer): void {
  const people = [...server.workspace.users.values()].filter((user) => !user.isBot).map(({ id }) => id);
  const readers: Readers = { first: people[0] ?? '', isKnown: (user) => people.includes(user) };
  server.mount('/', (request, response) => {
    void servePage(request, response, readers)
      .catch(() => false)
      .then((served) => {
        if (!served && !response.headersSent) response.writeHead(404).end();
      });
  });
}
