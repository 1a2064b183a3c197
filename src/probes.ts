/**
 * What a kubelet asks: `/livez` answers as long as the process can, `/readyz` says what is missing. Both are read by people too. It serves
 * nothing else, and is no way in.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TerminalError } from '#rollback/failure.ts';

export interface Probes {
  port: number;
  close(): Promise<void>;
}

/** `problems`: why it is not ready, as sentences. `port` 0 takes a free one. Rejects with TerminalError when the port cannot be had. */
export async function serveProbes(port: number, problems: () => string[]): Promise<Probes> {
  const answers: Record<string, () => string[]> = { '/livez': () => [], '/readyz': problems };
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    const found = answers[(request.url ?? '').split('?')[0] ?? '']?.();
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    response.statusCode = found === undefined || !isRead ? 404 : found.length === 0 ? 200 : 503;
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.setHeader('cache-control', 'no-store');
    response.end(found === undefined || !isRead ? 'not found\n' : `${found.length === 0 ? 'ok' : found.join('\n')}\n`);
  });
  try {
    server.listen(port);
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TerminalError('ProbePort', `PROBE_PORT ${port} cannot be used (${code ?? 'unknown reason'}).`);
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
