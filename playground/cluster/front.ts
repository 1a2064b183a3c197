/**
 * What stands in front of an API server, simulated or real: HTTPS with one certificate, and whatever can be made to go wrong between it and
 * its clients.
 */
import { stringify } from 'yaml';
import type { WorldClock } from '../clock.ts';
import { selfSignedCertificate } from './api/https/certificate.ts';
import { listen } from './api/https/listener.ts';
import { jsonAnswer, type ApiRequest, type ApiResponse } from './api/message.ts';
import { StatusError } from './api/status.ts';

/** What can be made to go wrong. */
export interface ClusterFaults {
  /** Connections are refused and broken until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  isDown(): boolean;
  /** Every answer comes this much later; 0 ends it. */
  slow(ms: number): void;
  /** Requests for which `which` holds (all, by default) are answered with this status; undefined ends it. */
  answer(status: number | undefined, which?: (request: ApiRequest) => boolean): void;
  /** Requests for which `which` holds are never answered; undefined ends it for those that come then. */
  hang(which: ((request: ApiRequest) => boolean) | undefined): void;
  isHanging(): boolean;
  /** Requests go through this hand; undefined takes it away. */
  between(hand: Between | undefined): void;
  dropConnections(): void;
  /** The watch history and pages under way are gone: 410. */
  expire(): void;
}

/** Passes a request on or not, now or later or twice, and gives this or that answer, or none for ever. */
export type Between = (request: ApiRequest, pass: () => Promise<ApiResponse>) => ApiResponse | Promise<ApiResponse>;

export interface Front {
  /** `https://127.0.0.1:…` */
  url: string;
  /** PEM. */
  caCertificate: string;
  /** YAML for a file that KUBECONFIG names. */
  kubeconfig(token: string, namespace?: string): string;
  faults: ClusterFaults;
  /** The `authorization` headers of all that this program (its user-agent) has sent until now; '': none. */
  credentialsOf(program: string): readonly string[];
  stop(): Promise<void>;
}

export interface FrontOptions {
  clock: WorldClock;
  /** 0: any free one. */
  port: number;
  handle: (request: ApiRequest) => ApiResponse | Promise<ApiResponse>;
  /** See `ClusterFaults.expire`. */
  expire: () => void;
}

const REASONS: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  409: 'Conflict',
  422: 'Invalid',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** What an API server says when it refuses; `retryAfterSeconds` as it asks for it. */
export function failure(status: number, retryAfterSeconds = 1): ApiResponse {
  const reason = REASONS[status] ?? 'InternalError';
  const { status: body } = new StatusError(status, reason, 'simulated fault', { retryAfterSeconds });
  return jsonAnswer(status, body, { 'retry-after': String(retryAfterSeconds) });
}

interface KubeconfigFields {
  url: string;
  certificate: string;
  token: string;
  namespace: string | undefined;
}

function kubeconfig({ url, certificate, token, namespace }: KubeconfigFields): string {
  const name = 'playground';
  const authority = Buffer.from(certificate).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: url, 'certificate-authority-data': authority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, ...(namespace !== undefined && { namespace }) } }],
  });
}

export async function openFront({ clock, port, handle, expire }: FrontOptions): Promise<Front> {
  let slowMs = 0;
  let fault: { status: number; which: (request: ApiRequest) => boolean } | undefined;
  let isDown = false;
  let hand: Between | undefined;
  let hangs: ((request: ApiRequest) => boolean) | undefined;
  const credentials = new Map<string, Set<string>>();
  function record({ headers }: ApiRequest): void {
    const program = headers['user-agent'] ?? '';
    const known = credentials.get(program) ?? new Set();
    credentials.set(program, known.add(headers['authorization'] ?? ''));
  }
  async function respond(request: ApiRequest): Promise<ApiResponse> {
    record(request);
    if (slowMs > 0) await clock.sleep(slowMs);
    if (hangs?.(request)) return new Promise<ApiResponse>(() => undefined);
    if (fault?.which(request)) return failure(fault.status);
    return hand ? hand(request, async () => handle(request)) : handle(request);
  }
  const { certificate, ...keys } = selfSignedCertificate(Date.now());
  const listener = await listen({ certificate, ...keys }, port, respond);
  const url = `https://127.0.0.1:${listener.port}`;
  return {
    url,
    caCertificate: certificate,
    kubeconfig: (token, namespace) => kubeconfig({ url, certificate, token, namespace }),
    faults: {
      async down() {
        isDown = true;
        await listener.down();
      },
      async up() {
        await listener.up();
        isDown = false;
      },
      isDown: () => isDown,
      slow: (ms) => void (slowMs = ms),
      answer: (status, which = () => true) => void (fault = status === undefined ? undefined : { status, which }),
      hang: (which) => void (hangs = which),
      isHanging: () => hangs !== undefined,
      between: (next) => void (hand = next),
      dropConnections: () => listener.dropConnections(),
      expire,
    },
    credentialsOf: (program) => [...(credentials.get(program) ?? [])],
    stop: () => listener.down(),
  };
}
