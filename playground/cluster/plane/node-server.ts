/** The port of the nodes to which a real API server turns for logs; the playground's kubelet answers there. */
import { createServer } from 'node:https';
import type { PodLogs } from '../api/call.ts';

interface Failure {
  status?: number;
  message?: string;
}

export interface NodeServer {
  stop(): Promise<void>;
}

function answer(logs: PodLogs | undefined, url: URL): { status: number; body: string } {
  const [, kind, namespace, pod, container] = url.pathname.split('/').map(decodeURIComponent);
  if (kind !== 'containerLogs' || !namespace || !pod || !container || !logs) return { status: 404, body: 'not found' };
  const number = (name: string): number | undefined => {
    const value = url.searchParams.get(name);
    return value === null ? undefined : Number(value);
  };
  const [tailLines, sinceSeconds, limitBytes] = [number('tailLines'), number('sinceSeconds'), number('limitBytes')];
  try {
    const body = logs(namespace, pod, {
      container,
      previous: url.searchParams.get('previous') === 'true',
      timestamps: url.searchParams.get('timestamps') === 'true',
      ...(tailLines === undefined ? {} : { tailLines }),
      ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
      ...(limitBytes === undefined ? {} : { limitBytes }),
    });
    return { status: 200, body };
  } catch (error) {
    const { status = 500, message = String(error) } = error as Failure;
    return { status, body: message };
  }
}

export async function startNodeServer(
  port: number,
  { key, cert }: { key: string; cert: string },
  logs: () => PodLogs | undefined,
): Promise<NodeServer> {
  const server = createServer({ key, cert }, (request, response) => {
    const { status, body } = answer(logs(), new URL(request.url ?? '/', 'https://localhost'));
    response.writeHead(status, { 'content-type': 'text/plain' });
    response.end(body);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  await promise;
  return {
    async stop() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}
