/**
 * Requests that are over when the call returns, as the simulated storage's are: a worker thread speaks, this one waits. For what people and
 * nodes do in a playground on a real control plane; the bot never comes here.
 */
import { type MessagePort, MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

export interface Wanted {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Answered {
  status: number;
  body: string;
}

export interface Requests {
  /** Throws when nothing answers within a minute. */
  now(wanted: Wanted): Answered;
  stop(): Promise<void>;
}

const TIMEOUT_MS = 60_000;

function ask(port: MessagePort, wanted: Wanted): Answered {
  const done = new Int32Array(new SharedArrayBuffer(4));
  port.postMessage({ ...wanted, done });
  if (Atomics.wait(done, 0, 0, TIMEOUT_MS) === 'timed-out')
    throw new Error(`${wanted.method} ${wanted.url}: no answer`);
  const { message } = receiveMessageOnPort(port) as { message: Answered | { failure: string } };
  if ('failure' in message) throw new Error(`${wanted.method} ${wanted.url}: ${message.failure}`);
  return message;
}

/** `ca`: PEM that https URLs are checked by. */
export function openRequests(ca: string): Requests {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('request-worker.ts', import.meta.url), {
    workerData: { port: port2, ca },
    transferList: [port2],
    execArgv: [],
  });
  worker.unref();
  port1.unref();
  return {
    now: (wanted) => ask(port1, wanted),
    async stop() {
      await worker.terminate();
    },
  };
}
