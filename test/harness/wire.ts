/** The wire between one bot and the API server: it can be cut, so that nobody hears of it, and mended. The other bot has its own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

export interface Wire {
  /** A kubeconfig that leads over it. */
  kubeconfig: string;
  /** Nothing passes any more, either way, and nobody is told. */
  cut(): void;
  /** Connections that were cut break off; new ones pass. */
  mend(): void;
  stop(): Promise<void>;
}

/** `from`: the kubeconfig whose server is at its end; `to`: the file that is written. */
export async function layWire(from: string, to: string): Promise<Wire> {
  const text = readFileSync(from, 'utf8');
  const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(text) ?? /localhost:(\d+)/.exec(text) ?? [];
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('data', (chunk) => void (isCut || other.write(chunk)));
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        if (!isCut) other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = (server.address() as AddressInfo).port;
  writeFileSync(to, text.replaceAll(`:${port}`, `:${own}`), { mode: 0o600 });
  const breakOff = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    kubeconfig: to,
    cut: () => void (isCut = true),
    mend() {
      isCut = false;
      breakOff();
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      breakOff();
      await closed;
    },
  };
}
