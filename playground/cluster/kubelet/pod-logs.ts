/** What containers would have written: lines made from the pod's uid, its version and the time, so that every reading agrees. */
import { createHash } from 'node:crypto';
import type { ContainerStatus, Pod } from '../objects.ts';
import type { ImageBehaviour, ImageRegistry } from './images.ts';
import { imageName } from './images.ts';

export interface LogOptions {
  container?: string;
  previous?: boolean;
  tailLines?: number;
  sinceSeconds?: number;
  /** ms since 1970. */
  sinceTimeMs?: number;
  timestamps?: boolean;
  limitBytes?: number;
}

/** No logs: the API server's status code and text. */
export class LogsUnavailable extends Error {
  override name = 'LogsUnavailable';
  /** 400 or 404. */
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Rotated away beyond this. */
const longestLog = 2000;
const lineMs = 4000;

interface Span {
  seed: string;
  service: string;
  version: string;
  behaviour: ImageBehaviour;
  fromMs: number;
  untilMs: number;
}

const paths: Record<string, string[]> = {
  'api-gateway': ['GET /v1/products', 'POST /v1/auth/login', 'GET /v1/content/home', 'GET /health'],
  'auth-service': ['POST /v1/auth/login', 'GET /v1/auth/me', 'POST /v1/auth/refresh'],
  'product-service': ['GET /v1/products', 'GET /v1/products/oak-shaker', 'GET /v1/products?page=2'],
  'order-payment-service': ['POST /v1/orders', 'POST /v1/payments/webhook', 'GET /v1/orders/8812'],
  'appointment-service': ['POST /v1/appointments', 'GET /v1/appointments/slots'],
  'content-service': ['GET /v1/content/home', 'GET /v1/content/blog'],
  'customer-service': ['GET /v1/customers/me', 'PATCH /v1/customers/me'],
  'notification-service': ['POST /v1/notifications/email', 'POST /v1/notifications/sms'],
  'analytics-service': ['POST /v1/analytics/events', 'GET /v1/analytics/summary'],
};

function numbers(seed: string): Buffer {
  return createHash('sha256').update(seed).digest();
}

function requestLine({ seed, service, version, behaviour }: Span, index: number): string[] {
  const drawn = numbers(`${seed}/${index}`);
  const known = paths[service] ?? ['GET /'];
  const request = known[(drawn[0] ?? 0) % known.length] ?? 'GET /';
  const latencyMs = behaviour === 'slow' ? 1800 + (drawn[1] ?? 0) * 9 : 12 + (drawn[1] ?? 0) / 4;
  const head = `${service} ${version} ${request}`;
  if (behaviour === 'bad' && (drawn[2] ?? 0) < 160) {
    return [
      `ERROR ${head} 500 ${Math.round(latencyMs)}ms TypeError: Cannot read properties of undefined (reading 'issuer')`,
      `    at handle (/app/dist/${service}/handler.js:${40 + ((drawn[3] ?? 0) % 50)}:17)`,
    ];
  }
  if (behaviour === 'slow')
    return [`WARN  ${head} 200 ${Math.round(latencyMs)}ms slow query: connection pool exhausted`];
  return [`INFO  ${head} 200 ${Math.round(latencyMs)}ms`];
}

function startLines({ service, version, behaviour }: Span): string[] {
  const start = [`INFO  ${service} ${version} starting`, 'INFO  configuration loaded from environment'];
  if (behaviour === 'crash-loop') {
    return [
      ...start,
      'ERROR uncaught exception, shutting down',
      "Error: Cannot find module './session-store'",
      `    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)`,
      `    at Object.<anonymous> (/app/dist/${service}/main.js:14:22)`,
    ];
  }
  if (behaviour === 'never-ready') return [...start, 'ERROR database migration pending, refusing traffic'];
  return [...start, 'INFO  connected to postgres-primary', 'INFO  listening on :3000'];
}

interface Line {
  atMs: number;
  text: string;
}

/** The last lines of a span; older ones are rotated away. */
function linesOf(span: Span, count: number): Line[] {
  const lines: Line[] = [];
  const isServing = span.behaviour !== 'crash-loop' && span.behaviour !== 'never-ready';
  const last = isServing ? Math.floor((span.untilMs - span.fromMs - 1000) / lineMs) : -1;
  // One more than asked for: the newest may still be ahead of the present.
  const first = Math.max(0, last - Math.min(count, longestLog));
  if (first === 0) startLines(span).forEach((text, index) => lines.push({ atMs: span.fromMs + index * 20, text }));
  for (let index = first; index <= last; index += 1) {
    const jitterMs = ((numbers(`${span.seed}/${index}`)[4] ?? 0) * lineMs) / 300;
    const atMs = Math.floor(span.fromMs + 1000 + index * lineMs + jitterMs);
    if (atMs <= span.untilMs) lines.push(...requestLine(span, index).map((text) => ({ atMs, text })));
  }
  return lines;
}

function chosenContainer(pod: Pod, name: string | undefined): ContainerStatus | undefined {
  const names = pod.spec.containers.map((c) => c.name);
  const podName = pod.metadata.name;
  if (name === undefined && names.length > 1) {
    throw new LogsUnavailable(
      400,
      `a container name must be specified for pod ${podName}, choose one of: [${names.join(' ')}]`,
    );
  }
  const wanted = name ?? names[0] ?? '';
  if (!names.includes(wanted)) throw new LogsUnavailable(400, `container ${wanted} is not valid for pod ${podName}`);
  return pod.status?.containerStatuses?.find((c) => c.name === wanted);
}

function spanOf(pod: Pod, container: ContainerStatus, isPrevious: boolean, nowMs: number): [number, number] {
  const { state, lastState } = container;
  const podName = pod.metadata.name;
  const ended = isPrevious ? lastState.terminated : (state.terminated ?? lastState.terminated);
  if (isPrevious && !ended) {
    throw new LogsUnavailable(400, `previous terminated container "${container.name}" in pod "${podName}" not found`);
  }
  if (state.running && !isPrevious) return [Date.parse(state.running.startedAt), nowMs];
  if (ended) return [Date.parse(ended.startedAt), Date.parse(ended.finishedAt) + 1000];
  const reason = state.waiting?.reason ?? 'ContainerCreating';
  const why =
    reason === 'ErrImagePull'
      ? "image can't be pulled"
      : reason === 'ImagePullBackOff'
        ? 'trying and failing to pull image'
        : reason;
  throw new LogsUnavailable(400, `container "${container.name}" in pod "${podName}" is waiting to start: ${why}`);
}

interface LogSource {
  pod: Pod | undefined;
  name: string;
  images: ImageRegistry;
  nowMs: number;
}

/** The text as `kubectl logs` prints it, each line ended. */
export function podLogs({ pod, name, images, nowMs }: LogSource, options: LogOptions): string {
  if (!pod) throw new LogsUnavailable(404, `pods "${name}" not found`);
  const container = chosenContainer(pod, options.container);
  if (!container) {
    throw new LogsUnavailable(
      400,
      `container "${options.container ?? ''}" in pod "${name}" is waiting to start: ContainerCreating`,
    );
  }
  const [fromMs, untilMs] = spanOf(pod, container, options.previous === true, nowMs);
  const { repository, tag } = imageName(container.image);
  const span: Span = {
    seed: `${pod.metadata.uid}/${container.restartCount}`,
    service: repository.split('/').at(-1) ?? repository,
    version: tag,
    behaviour: images.behaviourOf(container.image),
    fromMs,
    untilMs,
  };
  const sinceMs = Math.max(
    options.sinceTimeMs ?? 0,
    options.sinceSeconds === undefined ? 0 : nowMs - options.sinceSeconds * 1000,
  );
  const lines = linesOf(span, options.tailLines ?? longestLog).filter((line) => line.atMs >= sinceMs);
  const tail = options.tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - options.tailLines));
  const stamp = (atMs: number): string => `${new Date(atMs).toISOString().replace('Z', '000000Z')} `;
  const text = tail.map(({ atMs, text: line }) => `${options.timestamps ? stamp(atMs) : ''}${line}\n`).join('');
  return options.limitBytes === undefined ? text : text.slice(0, options.limitBytes);
}
