/**
 * Where the API server is and how to prove who we are: from a kubeconfig, or from the pod's service account. @kubernetes/client-node
 * reads the configuration and runs the authentication (token files, exec plugins, client certificates); the connection pool is ours,
 * because the library opens a new TLS connection for every request. Never logs or returns a credential in an error.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from './clock.ts';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { readToken, tokenFileOf, withExecInfo } from './kubeconfig-user.ts';

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';
/** Credentials are asked for again after this long: token files rotate, exec tokens expire. A 401 asks at once. */
const CREDENTIALS_MS = 10_000;

/** The configuration cannot be used: a person must correct it. */
export class KubeconfigError extends Error {
  override name = 'KubeconfigError';
}

export interface Access {
  /** `https://host:port`, without a path at its end. */
  server: string;
  dispatcher: Dispatcher;
  headers: Record<string, string>;
}

type TlsMaterial = Parameters<KubeConfig['createDispatcherOptions']>[1];

function load(kubeconfigPath: string | undefined, context: string | undefined): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfigPath !== undefined) config.loadFromFile(kubeconfigPath);
  else if (existsSync(SERVICE_ACCOUNT_TOKEN)) config.loadFromCluster();
  else throw new KubeconfigError('No kubeconfig was given and this is not a pod with a service account.');
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    const known = config.getContexts().map((c) => c.name);
    throw new KubeconfigError(
      `The kubeconfig has no cluster for context "${config.getCurrentContext()}"; its contexts: ${known.join(', ') || 'none'}.`,
    );
  }
  return config;
}

function dispatcherFor(config: KubeConfig, tls: TlsMaterial): Dispatcher {
  const pool = {
    allowH2: false,
    connections: 128,
    pipelining: 1,
    keepAliveTimeout: 60_000,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const options = config.createDispatcherOptions(config.getCurrentCluster(), tls);
  switch (options.type) {
    case 'agent':
      return new Agent({ ...pool, connect: options.connect as NonNullable<Agent.Options['connect']> });
    case 'none':
      return new Agent(pool);
    case 'proxy':
      return new ProxyAgent({
        ...pool,
        uri: options.uri,
        requestTls: options.requestTls as NonNullable<ProxyAgent.Options['requestTls']>,
      });
    default:
      throw new KubeconfigError('A SOCKS proxy is not supported; use an HTTP proxy-url.');
  }
}

function tlsMaterial({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }: RequestOptions): TlsMaterial {
  const all = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value).trim()] as const);
  const basic = typeof auth === 'string' ? { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
  return { ...Object.fromEntries(given), ...basic };
}

interface Loaded {
  config: KubeConfig;
  /** Where the current user's token stands; undefined: the library finds the credentials. */
  tokenFile: string | undefined;
}

/** Throws KubeconfigError for a token file that cannot be read now: nobody should be anonymous without a word. */
function loadUser(kubeconfigPath: string | undefined, context: string | undefined): Loaded {
  const config = load(kubeconfigPath, context);
  const user = config.getCurrentUser();
  if (user?.exec) Object.assign(user, { exec: withExecInfo(user.exec) });
  if (kubeconfigPath === undefined || user === null) return { config, tokenFile: undefined };
  const tokenFile = tokenFileOf(readFileSync(kubeconfigPath, 'utf8'), kubeconfigPath, user.name);
  if (tokenFile !== undefined) {
    try {
      readToken(tokenFile);
    } catch (error) {
      const why = (error as Error).message;
      throw new KubeconfigError(`The kubeconfig's user "${user.name}" has a tokenFile that cannot be used: ${why}`);
    }
  }
  return { config, tokenFile };
}

/** Hands out the current credentials with the shared pool; a rotated CA or client certificate makes a new pool. */
export class Credentials {
  readonly #load: () => Loaded;
  readonly #clock: Clock;
  #loaded: Loaded;
  #pool: Dispatcher | undefined;
  #material = '';
  #access: Access | undefined;
  #askedAt = 0;
  #asking: Promise<Access> | undefined;

  /** Throws KubeconfigError, or the reader's error for an unreadable file. */
  constructor(kubeconfigPath: string | undefined, context: string | undefined, clock: Clock) {
    this.#clock = clock;
    this.#load = () => loadUser(kubeconfigPath, context);
    this.#loaded = this.#load();
  }

  /** Rejects when an exec plugin fails or a file cannot be read. */
  async current(): Promise<Access> {
    if (this.#access !== undefined && this.#clock.monotonic() - this.#askedAt < CREDENTIALS_MS) return this.#access;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** The server said 401: reads configuration and tokens anew at the next request. */
  forget(): void {
    this.#access = undefined;
    this.#loaded = this.#load();
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }

  async #ask(): Promise<Access> {
    const { config, tokenFile } = this.#loaded;
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const tls = tlsMaterial(options);
    const material = JSON.stringify(tls);
    const previous = this.#pool;
    const pool = previous !== undefined && material === this.#material ? previous : dispatcherFor(config, tls);
    if (pool !== previous) void previous?.close();
    this.#pool = pool;
    const token = tokenFile === undefined ? {} : { Authorization: `Bearer ${readToken(tokenFile)}` };
    const headers = { ...headersOf(options), ...token };
    this.#material = material;
    this.#access = {
      server: (config.getCurrentCluster()?.server ?? '').replace(/\/+$/, ''),
      dispatcher: pool,
      headers,
    };
    this.#askedAt = this.#clock.monotonic();
    return this.#access;
  }
}
