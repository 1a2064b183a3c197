import type { Server } from 'node:http';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { socketLimits } from '../limits.ts';
import type { SocketLine, Sockets } from '../sockets.ts';

/** WebSockets over the core's sockets: `/socket?ticket=…`, kept alive by pings as Slack does. Returns what ends it. */
export function serveSockets(server: Server, sockets: Sockets): () => void {
  const webSockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, stream, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== '/socket') {
      stream.destroy();
      return;
    }
    webSockets.handleUpgrade(request, stream, head, (webSocket) => {
      attach(webSocket, sockets, url.searchParams.get('ticket') ?? '');
    });
  });
  return () => {
    for (const webSocket of webSockets.clients) webSocket.terminate();
    webSockets.close();
  };
}

function attach(webSocket: WebSocket, sockets: Sockets, ticket: string): void {
  const line: SocketLine = {
    send: (text) => webSocket.send(text),
    close: () => webSocket.close(1000),
    terminate: () => webSocket.terminate(),
    stopReading: () => webSocket.pause(),
  };
  const socket = sockets.connect(ticket, line);
  if (!socket) {
    webSocket.close(1008, 'invalid ticket');
    return;
  }
  const pings = setInterval(() => webSocket.ping('ping from slack'), socketLimits.pingMs);
  pings.unref();
  webSocket.on('message', (raw: Buffer) => sockets.receive(socket, raw.toString()));
  webSocket.on('error', () => webSocket.terminate());
  webSocket.on('close', () => {
    clearInterval(pings);
    sockets.closed(socket);
  });
}
